"""What the map shows: quantities of a run, their classes, tiles, shapes, values at a place; imports studies and below.

Tiles are made once from values of the store and kept in the study's folder by key; the folder can be deleted.
"""
