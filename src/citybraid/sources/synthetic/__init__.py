"""A synthetic town with every file that a planner would have, always labelled synthetic.

Imports: numpy, geopandas, ezdxf; nothing of ours.
Start reading at town.py.
"""
