"""Portfolios under a budget: prices, programmes, fronts, cheapest fixes.

Imports: integrate.learn, core.
Start reading at programme.py.
"""
