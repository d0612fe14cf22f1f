"""People exposed to floods: residents, vulnerable groups, people without a warning.

Imports: resilience.damage.
Start reading at people_exposed.py.
"""
