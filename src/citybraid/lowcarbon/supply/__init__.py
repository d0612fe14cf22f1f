"""Energy supply: hourly balance of power with storage, hosting, weighted energy, heat density and heat cascades.

Imports: core and kernels, the energy of buildings and places of the accounts; no other strand.
Start reading at hourly_balance.py.
"""
