"""Depth at buildings, losses of buildings and assets, expected annual damage, its uncertainty, cost and benefit.

Imports: kernels.risk, kernels.numerics.
Start reading at flood_damage.py.
"""
