"""Flooded streets: closures, driving times of emergency vehicles, isolated people.

Imports: resilience.flood (depths over time).
Start reading at drive_time.py, then rescue_access.py.
"""
