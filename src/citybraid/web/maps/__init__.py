"""What the map shows: quantities of a run, their classes, tiles, shapes, values at a place; tiles are kept by key.

Imports: web.studies and below; report for legends, units and names; study.explain; no other room of pages.
Start reading at catalogue.py, then tiles.py.
"""
