"""The commons: cases that travel. Runs packed as one file each, opened, kept in libraries, found, compared and shown.

Imports: report, study and every floor below; only the command line imports it. Rooms: form, packing, opening, library, site.
Start reading at form/card.py, then packing/pack.py and opening/opened.py.
"""
