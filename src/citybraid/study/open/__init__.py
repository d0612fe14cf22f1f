"""A study file opened and checked, and its files brought into the store as the homes of a Place.

Imports: study.plan; sources, planning, store.
Start reading at schema.py, then opened.py.
"""
