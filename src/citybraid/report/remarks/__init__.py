"""Sentences and tables that tell what numbers rest on: limits, ranges, methods, bridges, what has not ended.

Imports: report's chapter, view and drawing; planning, study.
Start reading at result_limits.py.
"""
