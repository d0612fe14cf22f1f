"""Measures on travel: more frequent transit, and floor area at stations.

Imports: core and integrate.measures.
Start reading at transit_frequency.py.
"""
