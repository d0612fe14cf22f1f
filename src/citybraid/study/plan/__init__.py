"""Models and a Place planned as Steps; regridding between nested grids. Nothing runs here.

Imports: core alone.
Start reading at planner.py.
"""
