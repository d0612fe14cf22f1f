"""A drainage model of another program, read as one document."""

from citybraid.sources.protocol.role import Role

ROLE = Role("drainage", "document", single=True)
