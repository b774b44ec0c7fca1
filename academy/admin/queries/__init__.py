"""What the desk shows, read across the rooms below. Every list costs the same number of queries however long it is."""
