"""Pictures and numbers as people see them: maps, charts, type, colours, units.

Imports: core (matplotlib, pillow); nothing else of the report.
Start reading at cartography.py, then charts.py.
"""
