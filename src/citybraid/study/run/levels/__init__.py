"""Tables of a run by level of plan: indicators, sums, scores of units, targets, the master plan.

Imports: study.run's evaluation and outcome, study.open, planning.
Start reading at frames.py.
"""
