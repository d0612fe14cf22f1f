"""What if one parcel were otherwise: edits of a plan's controls and measures, learned from runs, with bands.

Imports: study.run, study.open, study.plan; integrate, planning, store.
Start reading at answer.py, then learning.py.
"""
