"""Tide, surge, typhoon wind, coastal inundation.

Imports: resilience.areas, resilience.rain, kernels.climate.
Start reading at tide_level.py.
"""
