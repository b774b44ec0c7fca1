"""What every room stands on. Nothing here knows about training."""
