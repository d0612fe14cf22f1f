"""Built form of planned parcels: blocks, storeys and plots from controls.

Imports: core.
Start reading at plot.py.
"""
