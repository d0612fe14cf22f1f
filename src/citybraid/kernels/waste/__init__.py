"""Decay of waste in landfills: carbon that decomposes, methane generated, recovered, oxidised and emitted.

Imports: nothing of ours.
Start reading at first_order_decay.py.
"""
