"""How far each layer can be trusted, and which statements contradict one another.

Imports: sources.intake, sources.placement, sources.geometry, sources.protocol.
Start reading at trust.py.
"""
