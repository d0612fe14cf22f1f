"""Steps run, measures chosen and run again, uncertainty, and the manifest and tables of a run.

Imports: study.open, study.plan; integrate, planning, store.
Start reading at pipeline.py, then engine.py.
"""
