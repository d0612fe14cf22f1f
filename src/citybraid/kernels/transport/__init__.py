"""Trips on networks: shortest paths, user equilibrium, balanced trip tables, mode choice.

Imports: kernels.compiled.
Start reading at paths.py, then equilibrium.py.
"""
