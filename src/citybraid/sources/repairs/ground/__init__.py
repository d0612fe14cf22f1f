"""Repairs of terrain and land cover; check of the weather station's location.

Imports: sources.raster, sources.land_use, sources.placement, sources.protocol.
Start reading at land_cover.py.
"""
