"""Energy supply of sites: hourly balance with storage, weighted energy, heat cascades, heat pumps.

Imports: `compiled`; no other room of kernels.
Start reading at hourly_balance.py.
"""
