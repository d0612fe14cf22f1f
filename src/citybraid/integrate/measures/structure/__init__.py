"""Measures on the structure of new buildings: timber, and concrete of less cement.

Imports: core and integrate.measures.
Start reading at timber_structure.py.
"""
