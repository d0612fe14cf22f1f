"""Cells, columns and encodings of text as planners write them; archives and file signatures.

Imports: sources.protocol.
Start reading at columns.py.
"""
