"""The two-dimensional flood of an event: grid, forcing, structures, coupled drains, coarse cells.

Imports: resilience.rain, resilience.swmm, kernels.flood.
Start reading at flood.py, the model; then event.py, which runs it.
"""
