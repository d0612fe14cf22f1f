"""Measures on components of lifelines: backup power, parts above the water.

Imports: integrate.measures' siting.
Start reading at backup_power.py.
"""
