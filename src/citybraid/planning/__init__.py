"""Indicators, control tables and scorecards in the terms of territorial spatial plans; rules are rows.

Imports: core; never store, sources or study.
Start reading at rows.py.
"""
