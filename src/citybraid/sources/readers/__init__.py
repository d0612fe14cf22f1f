"""Readers of file formats, one module each, discovered by suffix.

Imports: rooms of sources below it; run within the fenced process.
Start reading at geojson.py, then ../protocol/reading.py.
"""
