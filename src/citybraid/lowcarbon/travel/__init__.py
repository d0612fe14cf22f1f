"""Daily travel of residents on the street network: trips, modes, traffic, emissions, access on foot.

Imports: core and kernels; no other strand, no other room of this one.
Start reading at travel.py.
"""
