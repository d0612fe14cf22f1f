"""Waste and wastewater of residents: amounts, treatment, and the gases of each way of treatment.

Imports: core and kernels; no other strand, no other room of this one.
Start reading at household_waste.py.
"""
