"""Habitat patches, graph indices of connectivity, decay of threats.

Imports: kernels.compiled, kernels.numerics.
Start reading at connectivity.py.
"""
