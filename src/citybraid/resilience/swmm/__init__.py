"""The EPA SWMM engine: model texts checked, run in a process of its own, read back.

Imports: resilience.rain.
Start reading at engine.py.
"""
