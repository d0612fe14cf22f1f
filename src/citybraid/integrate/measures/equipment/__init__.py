"""Measures on the equipment of buildings: heat pumps, lighting, appliances, cooking, industry, charging of cars.

Imports: core, integrate.measures.siting and integrate.measures.oldest_first.
Start reading at equipped.py, then heat_pump.py.
"""
