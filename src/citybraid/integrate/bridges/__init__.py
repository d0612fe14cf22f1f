"""Models that convert between geometry types: building column to raster, controls to built form.

Imports: core and kernels.
Start reading at footprints.py.
"""
