"""Roles of files, one module each, discovered by walking these packages; tables and rasters follow from Vars.

Imports: sources.series, sources.tabular, sources.land_use and rooms below them.
Start reading at sheets/storm.py, then ../protocol/role.py.
"""
