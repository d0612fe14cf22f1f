"""Study file to Steps to Run: the only floor that knows an engine and a store.

Imports: planning, integrate, strands, store, sources, core.
Start reading at run/pipeline.py.
"""
