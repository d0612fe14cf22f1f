"""Quantities of greenhouse gases: emissions and their accounts, activity, travel, waste, supply, pathways.

Imports: core.var and core.account alone.
Start reading at emissions.py.
"""
