"""Conversion of land-use codes and building uses of other schemes to the 2023 guide.

Imports: sources.protocol, sources.text.
Start reading at land_use.py.
"""
