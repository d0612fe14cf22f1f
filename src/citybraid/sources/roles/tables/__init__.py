"""Tables with shapes: those of which intake must know more than their columns, and all others.

Imports: sources.protocol.
Start reading at parcels.py, then others.py.
"""
