"""The study area: the boundary within which indicators are computed."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("study_area", "shapes", single=True, shapes=Shaped(shape="area", leads=1))
