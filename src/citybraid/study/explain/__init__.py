"""Checks before a run; explanation, comparison and verification after it.

Imports: study.run, study.open, study.plan.
Start reading at explanation.py.
"""
