"""Rain in space and time."""

from citybraid.sources.protocol.role import Role

ROLE = Role("rain_field", "field")
