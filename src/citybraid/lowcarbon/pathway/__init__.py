"""Emissions of the study area year by year: the stock's turnover, and levers on it.

Imports: core, kernels and the modules above; no other room of this strand.
Start reading at pathway.py.
"""
