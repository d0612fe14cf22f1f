"""A Run written for people: one page, documents, workbook, maps and exports.

Imports: study, planning, sources and below.
Start reading at write.py, then chapter.py and view.py.
"""
