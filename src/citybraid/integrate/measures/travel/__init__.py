"""Measures on travel: more frequent transit, cycle lanes, and floor area at stations.

Imports: core and integrate.measures.
Start reading at transit_frequency.py.
"""
