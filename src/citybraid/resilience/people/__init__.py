"""People exposed to floods and heat: residents, vulnerable groups, people without a warning, deaths from heat.

Imports: kernels.risk, resilience.damage, resilience.heat.
Start reading at people_exposed.py.
"""
