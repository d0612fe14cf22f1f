"""Agriculture and village energy: paddy, animals, fertiliser, straw, stoves, and biogas from manure.

Imports: core and kernels; no other strand, no other room of this one.
Start reading at farming.py.
"""
