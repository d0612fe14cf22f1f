"""Repairs of terrain, land cover and the place of weather.

Imports: sources.raster, sources.land_use, sources.placement, sources.protocol.
Start reading at land_cover.py.
"""
