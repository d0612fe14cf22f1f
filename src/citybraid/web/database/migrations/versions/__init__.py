"""One module for each revision of the tables, in order.

Imports: database.tables.
Start reading at r0001.py.
"""
