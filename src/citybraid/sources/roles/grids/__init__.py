"""Rasters and fields: those with rules beyond their range, and all others.

Imports: sources.protocol.
Start reading at terrain.py, then others.py.
"""
