"""Polygons of water, parks and woods, read to compose land cover; sheets add no columns to them."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("ground", "shapes", shapes=Shaped(shape="area", sheets=False))
