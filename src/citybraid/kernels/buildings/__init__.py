"""Hourly heat balance of thermal zones (VDI 6007-1).

Imports: kernels.compiled.
Start reading at zone.py.
"""
