"""What pages show of runs: values, explanations, comparisons, portfolios, rehearsals, reports and their templates.

Imports: web's studies and below, and report.
Start reading at opened.py (a run as pages read it), then indicators.py.
"""
