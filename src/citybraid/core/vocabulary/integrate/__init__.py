"""Quantities that integrate computes from those of several strands.

Imports: core.var.
Start reading at synergy.py.
"""
