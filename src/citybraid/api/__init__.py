"""The Python API: studies, runs and single models as objects; the names of `import citybraid`.

Imports: report and everything below it, each where it is used; never cli.
Start reading at doors.py, then study.py and run.py.
"""
