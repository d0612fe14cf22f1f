"""Protected sites, read to mark the buildings within them; sheets add no columns to them."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("heritage_sites", "shapes", shapes=GeometrySettings(shape="area", sheets=False))
