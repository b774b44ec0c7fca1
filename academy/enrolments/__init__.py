"""Who takes which course, in which cycle, and how it ended."""
