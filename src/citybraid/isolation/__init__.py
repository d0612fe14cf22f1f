"""Processes of their own for what may break or mean harm: fences, limits, and values that come back as plain data.

Imports: nothing of ours, so that every floor may stand on it: readers in `sources`, engines in the strands.
Start reading at child.py (the side that asks), then fences.py (what the child gives up first).
"""
