"""Drawings (DXF): decoding, entities, rings, texts, units, and the roles of layers.

Imports: sources.land_use, sources.placement, sources.text, sources.protocol.
Start reading at drawing.py.
"""
