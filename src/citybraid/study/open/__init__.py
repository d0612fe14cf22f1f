"""Opening and validation of study files, and intake of their data files into the store.

Imports: study.plan; sources, planning, store.
Start reading at schema.py, then opened.py.
"""
