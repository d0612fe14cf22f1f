"""Industry and parks: energy and process emissions of plants, their heat, waste heat and by-products between them.

Imports: core and kernels; no other strand, no other room of this one.
Start reading at industry.py.
"""
