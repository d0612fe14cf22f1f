"""Pumps: lines from intake to outfall, or points; a drawing shows them as lines."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("pumps", "shapes", shapes=GeometrySettings(drawn="line"))
