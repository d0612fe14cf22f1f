"""Rasters and fields: those of which intake must know more than their range, and all others.

Imports: sources.protocol.
Start reading at terrain.py, then others.py.
"""
