"""Quizzes as files."""
