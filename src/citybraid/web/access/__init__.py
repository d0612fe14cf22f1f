"""Identities, roles, sessions, invitations, limits; imports database and base."""
