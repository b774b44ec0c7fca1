"""Several choices are right; each counts its share."""
