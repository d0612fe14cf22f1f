"""Districts or counties that share a special plan."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("jurisdictions", "shapes", shapes=GeometrySettings(shape="area", named_by="jurisdiction_name"))
