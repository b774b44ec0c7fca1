"""The Training Academy: courses, quizzes and certificates in English and Russian."""

__version__ = "0.1.0"
