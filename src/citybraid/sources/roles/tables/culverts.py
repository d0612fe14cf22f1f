"""Culverts and pipes from inlet to outlet; a drawing shows them as lines."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("culverts", "shapes", shapes=GeometrySettings(drawn="line"))
