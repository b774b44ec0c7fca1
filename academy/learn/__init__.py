"""The learner's pages: catalogue, course, activity, own learning, search, help."""
