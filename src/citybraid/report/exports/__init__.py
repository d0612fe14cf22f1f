"""Files for other programs: GeoPackage, GeoTIFF, DXF."""
