"""Controls as planners write them: the control table, control sheets by block, the master plan's indicators.

Imports: planning, the report's chapter, view, drawing, document and verdict/parcel_states; never chapters.
Start reading at control_sheet.py.
"""
