"""Sandboxed child processes for code that may crash or be hostile: sandbox rules, limits, and results as plain data.

Imports: nothing of ours, so that every layer of the package may use it: readers in `sources`, engines in the strands.
Start reading at child.py (the parent's side), then fences.py (the restrictions that a child sets first).
"""
