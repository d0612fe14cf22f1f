"""The climate annex of a plan: text, memorandum and statement with provenance codes, as documents and a workbook.

Imports: planning, study, the report's chapter, view, drawing, document, controls, verdict and remarks; never chapters.
Start reading at write.py, then provenance.py.
"""
