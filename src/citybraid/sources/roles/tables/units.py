"""Planning units."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("units", "shapes", shapes=GeometrySettings(shape="area", partition=True, leads=2, named_by="unit_name"))
