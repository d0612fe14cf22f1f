"""Openings in levees: lines across them; a drawing shows them as lines."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("gates", "shapes", shapes=Shaped(drawn="line"))
