"""Land that takes a measure: outlines that keep it there.

Imports: nothing of the package.
Start reading at outlines.py.
"""
