"""Levels of plans in the report: profiles and scores of units, sums over levels, targets by unit, the master plan.

Imports: report's blocks and drawings, planning.
Start reading at blocks.py.
"""
