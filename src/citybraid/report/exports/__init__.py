"""A Run as files for GIS and CAD: GeoPackage, COG, DXF, styles.

Imports: report and below.
Start reading at write.py.
"""
