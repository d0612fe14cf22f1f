"""Rain: design storms, gauges, moving storms, and the forcing of an event in time.

Imports: kernels.flood (its state) alone.
Start reading at forcing.py.
"""
