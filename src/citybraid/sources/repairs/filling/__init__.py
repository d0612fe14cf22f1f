"""Columns and layers that files leave blank: use, year, form, residents, units, status.

Imports: sources.imputing, sources.land_use, sources.geometry, sources.protocol.
Start reading at building_use.py.
"""
