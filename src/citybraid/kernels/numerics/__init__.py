"""Shared numerical methods: areas on cells, weighted means, root finding, values by class.

Imports: kernels.compiled.
Start reading at coverage.py.
"""
