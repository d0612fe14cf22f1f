"""Cases: packed from runs, opened as studies, found in the library, compared, reviewed.

Imports: every room but application.
Start reading at packed.py, then catalogue.py.
"""
