"""Measures, one file each: models whose outputs replace homes of a Place."""
