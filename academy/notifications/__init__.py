"""What to tell whom, in which language, by which channel."""
