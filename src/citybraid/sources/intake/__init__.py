"""Intake of a study's files: roles guessed, files read, layers merged, repaired, gaps filled.

Imports: every room of sources but quality, readers, repairs and open_data, which are discovered, not imported.
Start reading at intake.py.
"""
