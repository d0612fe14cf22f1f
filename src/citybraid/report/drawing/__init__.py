"""Presentation of values: maps, charts, fonts, colours, display units.

Imports: core (matplotlib, pillow); nothing else of the report.
Start reading at cartography.py, then charts.py.
"""
