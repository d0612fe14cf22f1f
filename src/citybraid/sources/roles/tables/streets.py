"""Street centre lines."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("streets", "shapes", shapes=GeometrySettings(shape="line", drawn="line", layer_says="road_class"))
