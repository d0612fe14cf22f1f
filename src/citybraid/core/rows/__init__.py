"""The row model of every table of the package: its columns, what they mean, what they may hold.

Imports: core.tables, core.text.
Start reading at land.py.
"""
