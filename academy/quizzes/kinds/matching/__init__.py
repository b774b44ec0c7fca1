"""Left sides to be matched with right sides."""
