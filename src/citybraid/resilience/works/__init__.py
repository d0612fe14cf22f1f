"""Levees with gates, culverts and pumps as a flood's grid has them: faces, ends, ratings, rules.

Imports: kernels.flood, kernels.numerics.
Start reading at walls.py, then links.py.
"""
