"""Buried reaches of rivers, drawn downstream; a drawing shows them as lines."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("buried_rivers", "shapes", shapes=GeometrySettings(drawn="line"))
