"""Bridges, one file each: models that change the carrier of a quantity."""
