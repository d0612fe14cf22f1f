"""Inflows of water: lines, points or areas; a drawing shows them as lines."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("inflows", "shapes", shapes=GeometrySettings(drawn="line"))
