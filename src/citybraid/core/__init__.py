"""Quantities, models, places, steps, factors, errors and texts: what every floor above is written in.

Imports: nothing of ours.
Start reading at var.py, then model.py and place.py.
"""
