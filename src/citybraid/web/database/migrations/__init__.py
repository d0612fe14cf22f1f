"""Revisions of the tables, run by Alembic when a workspace is opened."""
