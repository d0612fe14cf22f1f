"""Tiles, legends and values at a point; imports studies and below."""
