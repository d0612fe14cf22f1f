"""Everything of a study taken in: roles guessed, files read, layers merged, repaired, filled.

Imports: every room of sources but quality, readers, repairs and open_data, which are found, not imported.
Start reading at intake.py.
"""
