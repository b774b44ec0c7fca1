"""What is taught: drafts, editions, the catalogue and the register of activity kinds."""
