"""Months of rain and evaporation: SPI, SPEI, soil water.

Imports: resilience.sponge (years of rain), kernels.climate.
Start reading at months.py.
"""
