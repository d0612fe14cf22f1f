"""Review of a plan before the authority's own: controls that contradict each other, standards, evaluation, clinic.

Imports: planning and below; never store, sources or study.
Start reading at feasibility.py, then clinic.py.
"""
