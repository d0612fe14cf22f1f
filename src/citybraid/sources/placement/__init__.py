"""Georeferencing of files: CRS, datums, zones, local coordinates, and plausibility checks.

Imports: sources.protocol, sources.text.
Start reading at crs.py.
"""
