"""Carbon embodied in buildings, and whether keeping, retrofitting or rebuilding them emits least.

Imports: core, kernels and the modules above; no other room of this strand.
Start reading at embodied_carbon.py.
"""
