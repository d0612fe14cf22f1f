"""Levees with gates, culverts and pumps on a flood's grid: faces, end cells, ratings, operating rules.

Imports: kernels.flood, kernels.numerics.
Start reading at walls.py, then links.py.
"""
