"""Models that change the carrier: building column to raster, controls to built form.

Imports: core and kernels.
Start reading at footprints.py.
"""
