"""Land that takes a measure: outlines that keep it there, and edges of the footprints on it.

Imports: nothing of the package.
Start reading at outlines.py.
"""
