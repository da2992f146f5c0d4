"""A corrected copy of a file: what is certain is replaced, everything else stays as it is."""
