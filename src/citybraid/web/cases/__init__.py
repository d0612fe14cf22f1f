"""Cases as pages show them: a run packed, a case of others opened as a study, the library searched and compared.

Imports: web's studies and below, commons and below.
Start reading at packed.py, then opening.py and catalogue.py.
"""
