"""Couplings, one file each: declared loops between models."""
