"""What ground does with rain: cover, roughness, soils, curve numbers, runoff, plots.

Imports: resilience.rain.
Start reading at ground_cover.py.
"""
