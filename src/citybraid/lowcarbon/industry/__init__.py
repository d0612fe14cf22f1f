"""Industry and parks: energy and process emissions of plants, levels of their heat, waste heat between plants.

Imports: core and kernels; no other strand, no other room of this one.
Start reading at industry.py.
"""
