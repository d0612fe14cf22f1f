"""Content-addressed store of values by key, in standard file formats.

Imports: core.
Start reading at store.py.
"""
