"""Where strands meet: bridges, measures, couplings; effects learnt and portfolios chosen.

Imports: core and kernels; strands meet by names of quantities, never by imports.
Start reading at learn/effects.py.
"""
