"""Content-addressed store of values."""
