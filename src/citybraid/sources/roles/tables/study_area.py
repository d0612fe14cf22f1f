"""The study area: the boundary within which indicators are computed."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("study_area", "shapes", single=True, shapes=GeometrySettings(shape="area", leads=1))
