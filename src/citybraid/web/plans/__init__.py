"""Edits, alternatives, what-if; imports studies and below."""
