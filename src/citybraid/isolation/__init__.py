"""Processes of their own for what may break or mean harm: fences, limits, and values that come back as plain data.

It imports nothing of ours, so that every floor may stand on it: readers in `sources`, engines in the strands.
Start with `child` (the side that asks) and `fences` (what the child gives up before it does anything).
"""
