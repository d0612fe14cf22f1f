"""Culverts and pipes from inlet to outlet; a drawing shows them as lines."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("culverts", "shapes", shapes=Shaped(drawn="line"))
