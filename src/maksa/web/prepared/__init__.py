"""Whole versions made ready to send: bodies on disk with their compressed twins, and which of them a caller gets."""
