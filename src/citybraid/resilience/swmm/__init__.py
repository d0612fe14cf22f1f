"""The EPA SWMM engine: input files checked, run in an isolated process, results read back.

Imports: resilience.rain.
Start reading at engine.py.
"""
