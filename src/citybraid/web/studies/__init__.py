"""Studies of a workspace: their folders, files, intake, settings and runs.

Imports: access and the rooms below it; report, study, sources.
Start reading at listing.py, then runs.py.
"""
