"""Municipalities of the plan."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("municipalities", "shapes", shapes=GeometrySettings(shape="area", named_by="municipality_name"))
