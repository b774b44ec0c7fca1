"""Lessons: text to read, with figures."""
