"""Habitat suitability, habitat quality, patches and their connectivity.

Imports: core and kernels; no other strand.
Start reading at habitat_quality.py.
"""
