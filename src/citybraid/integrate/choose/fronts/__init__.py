"""Pareto fronts of portfolios: exact for two goals, certified for more, and what a study keeps of one.

Imports the programme, the solver and portfolios of the room above. Start with `front.Front` and `shares_front`.
"""
