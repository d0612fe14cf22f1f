"""Flow paths on terrain, stability of slopes, settlement of clay.

Imports: kernels.compiled.
Start reading at flow.py.
"""
