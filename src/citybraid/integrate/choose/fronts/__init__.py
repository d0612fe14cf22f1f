"""Pareto fronts of portfolios: exact for two goals, certified for more, and what a study keeps of one.

Imports: integrate.choose (programme, portfolio, solver), core.
Start reading at shares_front.py.
"""
