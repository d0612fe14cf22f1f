"""Radiation and comfort of people outdoors: horizons and crowns, sky, surfaces, radiant temperature, UTCI, PET.

Imports: kernels.compiled.
Start reading at radiant_day.py.
"""
