"""Street networks from centre lines, for every strand: junctions, stretches, structures, speeds.

Imports: core (errors, model).
Start reading at street_network.py.
"""
