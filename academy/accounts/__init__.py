"""People: who they are, how they sign in, what roles they hold, and the states that they come from."""
