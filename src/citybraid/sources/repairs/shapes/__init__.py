"""Repairs of geometry: crossings, spikes, duplicates, overlaps, gaps, slivers.

Imports: sources.geometry, sources.protocol.
Start reading at geometry.py.
"""
