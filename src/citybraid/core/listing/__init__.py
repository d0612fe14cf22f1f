"""Text files that a model reads itself: lists of nodes, links, pairs or costs, in the form of their published source.

Imports: core.errors.
Start reading at table.py.
"""
