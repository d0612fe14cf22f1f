"""Sun on surfaces, evapotranspiration, droughts, cyclones, cooling by green areas.

Imports: kernels.numerics; pvlib for solar geometry.
Start reading at solar.py.
"""
