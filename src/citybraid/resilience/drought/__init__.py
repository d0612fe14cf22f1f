"""Droughts in monthly records: SPI, SPEI, soil water balance.

Imports: resilience.sponge (years of rain), kernels.climate.
Start reading at months.py.
"""
