"""Portfolios of a whole city: one level of each of thousands of groups within shared limits, with a certified gap.

Imports: integrate.choose.solver, kernels.numerics, core.
Start reading at levels.py.
"""
