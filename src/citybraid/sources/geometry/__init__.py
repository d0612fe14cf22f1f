"""Geometry problems: detection, location and repair.

Imports: sources.protocol.
Start reading at shapes.py.
"""
