"""Vector formats: layers through pyogrio, KML, CityJSON, shapefiles, OSM tags, SWMM tables.

Imports: sources.placement, sources.text, sources.protocol.
Start reading at vectors.py.
"""
