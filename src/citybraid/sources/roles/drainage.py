"""A drainage model of another program, read whole."""

from citybraid.sources.protocol.role import Role

ROLE = Role("drainage", "document", single=True)
