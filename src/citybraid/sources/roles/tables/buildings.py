"""Building footprints."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("buildings", "shapes", shapes=GeometrySettings(shape="area", leads=4))
