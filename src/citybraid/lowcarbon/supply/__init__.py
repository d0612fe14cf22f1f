"""Energy supply: hourly balance of power of buildings and parks, hosting, weighted energy, networks and heat cascades.

Imports: core and kernels, the energy of buildings and places of the accounts; no other strand.
Start reading at hourly_balance.py.
"""
