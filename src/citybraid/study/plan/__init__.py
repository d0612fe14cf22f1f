"""Models and a Place planned as Steps; regridding between nested grids. Nothing runs here.

Imports: core; sources.protocol for the roles of files beside a model's inputs.
Start reading at planner.py.
"""
