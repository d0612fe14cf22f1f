"""The commons: runs packed as cases of one file, opened elsewhere, kept in libraries, found, compared and shown.

Imports: report, study and every floor below; command line and workspace import it.
Start reading at form/card.py, then packing/pack.py and opening/opened.py.
"""
