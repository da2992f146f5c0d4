"""The guide's seven functions and their prepared bodies."""
