"""How sentences are put together: spaces between characters, numbers and words; sentences below fields of records.

Imports: nothing of ours.
Start reading at spacing.py.
"""
