"""The form of a case: its card, lessons, licences and names of parts, and the archive that holds them.

Imports: core, isolation only.
Start reading at card.py, then archive.py.
"""
