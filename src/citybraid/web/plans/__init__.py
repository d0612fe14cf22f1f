"""Drafts of alternatives: their changes with undo, what they would do, and how they are written into the study.

Imports: studies and below; study, planning and integrate for what is computed.
Start reading at drafts.py, then writing.py.
"""
