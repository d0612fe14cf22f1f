"""Blocks of the chapter on nature and climate together: services, their relations, joint corridors and parcels.

Imports: report, planning, integrate's functions on arrays and tables.
Start reading at services.py.
"""
