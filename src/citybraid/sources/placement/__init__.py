"""Where a file lies: CRS, datums, zones, local coordinates, and doubts about them.

Imports: sources.protocol, sources.text.
Start reading at crs.py.
"""
