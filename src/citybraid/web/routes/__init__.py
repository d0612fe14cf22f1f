"""One module for each subject, with a `router` that is found by name: parse, call a room, present.

Imports: every room but application.
Start reading at studies.py, then session.py.
"""
