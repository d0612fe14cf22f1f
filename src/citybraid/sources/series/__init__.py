"""Series and records over time: storms, rain records, weather years, tracks.

Imports: sources.raster, sources.placement, sources.text, sources.protocol.
Start reading at rain.py.
"""
