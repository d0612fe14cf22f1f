"""Street centre lines."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("streets", "shapes", shapes=Shaped(shape="line", drawn="line", layer_says="road_class"))
