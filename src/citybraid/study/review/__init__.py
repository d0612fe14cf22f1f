"""Review: reviewers' comments on values and maps, kept beside a run, exchanged as tables and merged.

Imports: study.run and sources; never study.explain.
Start reading at comment.py, then journal.py.
"""
