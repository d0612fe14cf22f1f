"""Chapters of the report, one module each, discovered in order of name: Run → Chapter.

Imports: report, report.intake, planning, study.
Start reading at c10_first_page.py.
"""
