"""Pieces of synthetic regions: rasters with smooth noise, shares of land by rank, groups of buildings, their files.

Imports: numpy, geopandas, rasterio; core's burning of shapes.
Start reading at delta.py, coast.py or lowland.py.
"""
