"""Floods, droughts, heat, coasts and slopes: what hazards do, whom they reach, what they cost.

Imports: core and kernels; rooms below in the order of pyproject.toml; no other strand.
Start reading at flood/flood.py.
"""
