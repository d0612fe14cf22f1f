"""The Python door: studies, runs and single models as objects; what `import citybraid` offers.

Imports: report and everything below it, each where it is used; never cli.
Start reading at doors.py, then study.py and run.py.
"""
