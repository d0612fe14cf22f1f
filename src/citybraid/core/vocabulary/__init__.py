"""All quantities, one file per domain, as annotated names.

Imports: core.var alone.
Start reading at place.py.
"""
