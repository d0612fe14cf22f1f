"""Kinds of long work, one module each, found by name, each with `command(folder, options)`.

Imports: core and study, nothing of the queue.
Start reading at run.py, then ../lookup.py.
"""
