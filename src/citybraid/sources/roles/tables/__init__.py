"""Tables with geometry: those with rules beyond their columns, and all others.

Imports: sources.protocol.
Start reading at parcels.py, then others.py.
"""
