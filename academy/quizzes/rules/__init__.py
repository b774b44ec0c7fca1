"""What is decided about quizzes: pure functions over frozen data."""
