"""What a learner has done, what is left, and when a course is complete."""
