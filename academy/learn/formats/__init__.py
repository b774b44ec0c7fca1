"""Pure forms of what the learner's pages say and hand out."""
