"""Inflows of water: lines, points or areas; a drawing shows them as lines."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("inflows", "shapes", shapes=Shaped(drawn="line"))
