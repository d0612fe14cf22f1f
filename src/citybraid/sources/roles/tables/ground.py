"""Polygons of water, parks and woods, read to compose land cover; sheets add no columns to them."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("ground", "shapes", shapes=GeometrySettings(shape="area", sheets=False))
