"""The review of a run's plan: its standards, contradictions and evaluation become tables of the run.

Imports: planning, and of study's rooms run, open and plan.
Start reading at reviewing.py.
"""
