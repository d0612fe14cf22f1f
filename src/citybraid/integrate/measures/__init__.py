"""Measures: models whose outputs replace layers of the Place, applied by stage, then id.

Imports: core, kernels, integrate.measures.form.
Start reading at siting.py, then green_roof.py.
"""
