"""Screening of buildings for an earthquake whose shaking the user states.

Imports: core only.
Start reading at earthquake.py.
"""
