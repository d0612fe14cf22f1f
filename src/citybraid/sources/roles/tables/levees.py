"""Levees and flood walls along their crest; a drawing shows them as lines."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("levees", "shapes", shapes=Shaped(drawn="line"))
