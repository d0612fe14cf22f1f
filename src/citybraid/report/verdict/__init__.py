"""Page one: the recommendation among alternatives, and the parcels that the plan must change with their map.

Imports: planning, the report's chapter, view and drawing; never chapters.
Start reading at summary.py.
"""
