"""A made weather year: monthly normals of a place, clearness of days and hours, and the hours drawn around them.

Imports: synthetic's frame, core's factors, pvlib.
Start reading at weather.py.
"""
