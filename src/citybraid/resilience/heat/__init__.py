"""Summer climate, urban heat island, cooling by green areas.

Imports: kernels.climate, kernels.numerics.
Start reading at summer_climate.py.
"""
