"""Planning units."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("units", "shapes", shapes=Shaped(shape="area", partition=True, leads=2, named_by="unit_name"))
