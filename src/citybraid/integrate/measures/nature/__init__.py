"""Measures that bring nature into the city: parks, hedges, planted banks, opened ground and rivers, and their growth.

Imports: core, kernels and the siting of measures; not the measures beside it.
Start reading at growth.py, then riparian_buffer.py.
"""
