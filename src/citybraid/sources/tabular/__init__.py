"""Sheets and tables: header rows, columns as quantities, shapes in cells.

Imports: sources.series, sources.raster, sources.vector, sources.land_use, sources.geometry.
Start reading at tables.py.
"""
