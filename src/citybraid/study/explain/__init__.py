"""What a run rests on: checks before it, explanation, comparison, verification after it.

Imports: study.run, study.open, study.plan.
Start reading at explanation.py.
"""
