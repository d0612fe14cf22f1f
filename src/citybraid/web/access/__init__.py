"""Who asks and what they may do: people, roles, sessions, invitations, limits, audit, providers of identities.

Imports: database, configuration.
Start reading at permits.py, then logins.py and people.py.
"""
