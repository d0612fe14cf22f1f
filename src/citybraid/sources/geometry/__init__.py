"""Faults of shapes: where they lie and how they are mended.

Imports: sources.protocol.
Start reading at shapes.py.
"""
