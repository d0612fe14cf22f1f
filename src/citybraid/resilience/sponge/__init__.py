"""Sponge city: annual runoff control rate and the storage that plots need.

Imports: resilience.ground, kernels.flood.
Start reading at annual_runoff_control.py.
"""
