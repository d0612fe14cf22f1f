"""Stand-alone drainage models, and the zones that drain to each outfall.

Imports: resilience.swmm, resilience.rain, resilience.areas, kernels.terrain.
Start reading at drainage.py.
"""
