"""How sentences are put together: spaces between characters, numbers and words.

Imports: nothing of ours.
Start reading at spacing.py.
"""
