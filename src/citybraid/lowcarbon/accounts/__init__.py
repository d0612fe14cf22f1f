"""Greenhouse-gas accounts: by sector, scope and gas, by parcel, and their sum.

Imports: core and kernels; no other strand, no other room of this one.
Start reading at emission_accounts.py.
"""
