"""Openings in levees: lines across them; a drawing shows them as lines."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("gates", "shapes", shapes=GeometrySettings(drawn="line"))
