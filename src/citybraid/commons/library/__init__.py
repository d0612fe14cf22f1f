"""Libraries: folders of cases with their history and review, search, places alike, comparison and effects.

Imports: commons.form and commons.opening, study to read a run that cases are compared with.
Start reading at library.py, then index.py.
"""
