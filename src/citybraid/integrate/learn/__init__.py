"""Effects of measures and of pairs of them, by runs of the physics.

Imports: core.
Start reading at effects.py.
"""
