"""Pure codecs of lessons."""
