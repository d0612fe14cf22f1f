"""Hazard areas as polygons: flood-risk line, waterlogging points, landslides, subsidence.

Imports: kernels.terrain.
Start reading at polygons.py.
"""
