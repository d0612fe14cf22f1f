"""Pieces of synthetic quarters of a built-up city: neighbourhoods within a real outline, lanes, ground, cover, trees.

Imports: synthetic's canvas and region files, repairs' cuts of equal area.
Start reading at quarter.py.
"""
