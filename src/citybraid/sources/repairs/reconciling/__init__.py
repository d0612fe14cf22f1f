"""Statements of several layers compared; contradictions are reported, never resolved in silence.

Imports: sources.quality, sources.tabular, sources.land_use, sources.geometry, sources.repairs.filling.
Start reading at reconcile_parcels.py.
"""
