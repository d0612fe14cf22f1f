"""Loops between strands that a study closes by running both halves in turns.

Imports: study.open, study.plan, the engine; integrate.couplings.
Start reading at heat_loop.py.
"""
