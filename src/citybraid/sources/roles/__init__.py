"""Roles that files can have, one module each, found by walking these rooms; tables and rasters follow from Vars.

Imports: sources.series, sources.tabular, sources.land_use and rooms below them.
Start reading at sheets/storm.py, then ../protocol/role.py.
"""
