"""Comparison of statements across layers; contradictions are reported, never resolved silently.

Imports: sources.quality, sources.tabular, sources.land_use, sources.geometry, sources.repairs.filling.
Start reading at reconcile_parcels.py.
"""
