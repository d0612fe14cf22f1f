"""Loops between strands, each with its cut, start and tolerance; none is declared yet.

Imports: core.
Start reading at this file.
"""
