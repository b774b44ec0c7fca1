"""Codes of the rooms below as words for people."""
