"""The review of a plan in the report: the clinic's findings, standards, evaluation by TD/T 1063.

Imports: planning, study, the report's chapter, view and drawing; never chapters.
Start reading at clinic.py.
"""
