"""The row model of every table of the package: its columns, their meaning and valid values.

Imports: core.tables, core.text.
Start reading at land.py.
"""
