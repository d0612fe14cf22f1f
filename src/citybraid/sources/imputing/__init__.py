"""Values for what files leave blank: donors, draws, and how well a rule does.

Imports: sources.protocol.
Start reading at donors.py.
"""
