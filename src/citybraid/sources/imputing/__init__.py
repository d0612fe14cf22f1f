"""Imputation of missing values: donors, random draws, and the error of rules.

Imports: sources.protocol.
Start reading at donors.py.
"""
