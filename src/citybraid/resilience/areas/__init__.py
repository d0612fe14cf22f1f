"""Hazards as areas on maps: flood-risk line, waterlogging points, landslides, subsidence.

Imports: kernels.terrain.
Start reading at polygons.py.
"""
