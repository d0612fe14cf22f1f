"""Flooded streets: closures, driving times of emergency vehicles, isolated people; walks to cool rooms.

Imports: resilience.flood (depths over time).
Start reading at drive_time.py, then rescue_access.py.
"""
