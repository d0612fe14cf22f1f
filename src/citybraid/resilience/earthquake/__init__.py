"""Screening of buildings and lifelines for an earthquake whose shaking the user states.

Imports: resilience.lifelines (failures and repairs).
Start reading at earthquake.py.
"""
