"""Preparedness: shelters, evacuation, warning in time, routes and services to fall back on.

Imports: resilience.rescue (streets, water on them), resilience.flood (depths over time).
Start reading at shelters.py, then evacuation.py.
"""
