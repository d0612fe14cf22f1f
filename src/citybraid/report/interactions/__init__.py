"""Joint effects of measures in the report: the synergy matrix, where pairs meet, spill-over, and the loop of heat.

Imports: core, planning, study; the report's own blocks and drawing.
Start reading at blocks.py.
"""
