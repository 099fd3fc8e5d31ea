"""Reads: which shifts there are and may be taken, who is in, what became of it."""
