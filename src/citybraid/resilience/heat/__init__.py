"""Summer climate, urban heat island, cooling by green areas, thermal comfort outdoors.

Imports: kernels.climate, kernels.numerics, kernels.outdoor.
Start reading at summer_climate.py.
"""
