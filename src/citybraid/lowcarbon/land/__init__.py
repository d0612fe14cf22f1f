"""Land as source and sink beyond yearly growth: carbon stocks that a change of cover gives or takes, and methane.

Imports: core; no other strand, no other room of this one.
Start reading at land_use_change.py.
"""
