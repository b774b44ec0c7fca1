"""Questions, quizzes, attempts at them, and how they are marked."""
