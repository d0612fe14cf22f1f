"""Building footprints."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("buildings", "shapes", shapes=Shaped(shape="area", leads=4))
