"""Raster formats: bands, axes and times, warped once to the study grid.

Imports: sources.vector, sources.placement, sources.geometry, sources.text, sources.protocol.
Start reading at rasters.py.
"""
