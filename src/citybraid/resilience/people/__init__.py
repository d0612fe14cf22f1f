"""People whom a flood reaches: at home, vulnerable, not warned.

Imports: resilience.damage.
Start reading at people_exposed.py.
"""
