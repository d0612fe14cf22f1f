"""Energy of buildings, photovoltaics, travel, sinks and emissions.

Imports: core and kernels; no other strand.
Start reading at building_energy.py.
"""
