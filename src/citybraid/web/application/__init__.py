"""The app of a workspace: its headers, errors, counters, server and backup.

Imports: every room of the workspace.
Start reading at factory.py, then security.py and serving.py.
"""
