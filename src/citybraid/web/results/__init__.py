"""Runs, values, comparisons, portfolios, explanations, reports; imports studies and below, and report.

Start reading at opened.py (a run as pages read it), then indicators.py.
"""
