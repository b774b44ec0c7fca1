"""One choice of several is right."""
