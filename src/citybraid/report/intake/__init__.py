"""The intake report as pages, tables and a map of problems.

Imports: report, report.exports, sources, study.
Start reading at tables.py.
"""
