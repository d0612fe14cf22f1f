"""Emissions from activity data of a city, and market-based electricity.

Imports: core and kernels; no other strand, no other room of this one.
Start reading at activity_emissions.py.
"""
