"""Money of a portfolio: handed down to parcels, and who pays and who gains.

Imports: integrate.choose, core.
Start reading at parcels.py.
"""
