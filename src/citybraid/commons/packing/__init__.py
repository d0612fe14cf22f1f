"""Packing: a run with its study, inputs as licences allow, results, report, comments, lessons and provenance.

Imports: commons.form, study and below.
Start reading at pack.py, then inputs.py.
"""
