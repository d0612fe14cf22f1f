"""Providers of open data, one module each.

Imports: sources.open_data.item and known, sources.protocol.
Start reading at dem.py.
"""
