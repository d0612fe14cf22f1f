"""Values by key, content-addressed, in files that others can read.

Imports: core.
Start reading at store.py.
"""
