"""Levees and flood walls along their crest; a drawing shows them as lines."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("levees", "shapes", shapes=GeometrySettings(drawn="line"))
