"""Gravity: one value for every kernel, model and reader."""

GRAVITY = 9.80665
"""Standard acceleration of free fall (CGPM 1901, ISO 80000-3) [m s-2]."""
