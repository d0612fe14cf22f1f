"""Compiled array code: arrays and masks in, arrays out."""
