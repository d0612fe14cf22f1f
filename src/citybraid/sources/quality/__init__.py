"""Data quality of each layer, and statements that contradict one another.

Imports: sources.intake, sources.placement, sources.geometry, sources.protocol.
Start reading at trust.py.
"""
