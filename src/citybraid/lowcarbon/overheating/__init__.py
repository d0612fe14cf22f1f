"""Overheating of homes without cooling and in a blackout, storey by storey.

Imports: core, kernels and the other modules of lowcarbon.
Start reading at overheating.py.
"""
