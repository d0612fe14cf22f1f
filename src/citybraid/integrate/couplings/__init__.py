"""Loops between strands, each with its cut, start and tolerance.

Imports: core, kernels.climate.
Start reading at heat_loop.py.
"""
