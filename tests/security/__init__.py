"""Abuse: named after the cases of the threat model, each able to fail."""
