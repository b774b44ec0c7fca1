"""What is printed: the wording, the letters that can be printed, and the paper."""
