"""Surface properties: land cover factors, roughness, soils, curve numbers, runoff, plots.

Imports: resilience.rain.
Start reading at ground_cover.py.
"""
