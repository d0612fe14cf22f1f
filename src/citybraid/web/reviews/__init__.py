"""Comments on runs: what they are about, who may answer and settle them, votes, and the table that goes out.

Imports: web's studies and below, and report's annex.
Start reading at comments.py.
"""
