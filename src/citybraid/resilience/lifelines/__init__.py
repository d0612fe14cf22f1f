"""Lifelines in a disaster: what an event damages, who fails with it, and how crews bring services back.

Imports: resilience.flood, resilience.damage (depths at components), kernels.
Start reading at network.py, then lifelines.py.
"""
