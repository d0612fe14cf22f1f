"""Control tables that come back edited: what differs from the run that wrote them, and who changed it.

Imports: sources, study, the report's controls, exports, workbook and view; never chapters.
Start reading at comparison.py.
"""
