"""Revisions of the tables, which Alembic runs when a workspace is opened.

Imports: database.tables.
Start reading at env.py, then versions.
"""
