"""Quantities of the resilience strand alone: people in heat, and the walk to cool rooms.

Imports: core.var.
Start reading at heat_risk.py.
"""
