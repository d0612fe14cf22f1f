"""Tables of the workspace, their revisions, and sessions, for SQLite and PostgreSQL alike.

Imports: configuration.
Start reading at tables.py, then engine.py.
"""
