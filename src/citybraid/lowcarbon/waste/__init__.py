"""Waste and wastewater of residents, their treatment and its gases; reclaimed water and waste of building.

Imports: core and kernels; no other strand, no other room of this one.
Start reading at household_waste.py.
"""
