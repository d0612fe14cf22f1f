"""Blocks of the detailed plan, between planning units and parcels."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("blocks", "shapes", shapes=GeometrySettings(shape="area", named_by="block_name"))
