"""The full shallow water equations on a grid: tiles, reconstruction and fluxes, edges, steps.

Imports: kernels.compiled, kernels.flood, kernels.numerics.
Start reading at solver.py, then tile.py for what a tile holds.
"""
