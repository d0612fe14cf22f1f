"""Streets under water: closures, driving times of rescue, people cut off.

Imports: resilience.flood (depths over time).
Start reading at street_network.py, then rescue_access.py.
"""
