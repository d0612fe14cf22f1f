"""Every quantity there is, one file for each domain, as annotated names.

Imports: core.var alone.
Start reading at place.py.
"""
