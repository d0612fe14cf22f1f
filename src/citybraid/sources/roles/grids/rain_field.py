"""Rain by time and place."""

from citybraid.sources.protocol.role import Role

ROLE = Role("rain_field", "field")
