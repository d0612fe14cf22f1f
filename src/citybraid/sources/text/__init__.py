"""Parsing of cells, columns and text encodings in planners' files; archives and file signatures.

Imports: sources.protocol.
Start reading at columns.py.
"""
