"""Arithmetic of carbon over years: survival and turnover of a stock, adoption, paths, and shares of a joint effect.

Imports: nothing of citybraid.
Start reading at stock.py.
"""
