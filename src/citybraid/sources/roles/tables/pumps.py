"""Pumps: lines from intake to outfall, or points; a drawing shows them as lines."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("pumps", "shapes", shapes=Shaped(drawn="line"))
