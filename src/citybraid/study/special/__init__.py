"""Special plans: one plan over several jurisdictions, each a study with its own factors; their results joined.

Imports: study.run, study.open, planning.
Start reading at members.py.
"""
