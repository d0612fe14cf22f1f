"""A synthetic town with every file of a typical study, always labelled synthetic.

Imports: numpy, geopandas, ezdxf; nothing of ours.
Start reading at town.py.
"""
