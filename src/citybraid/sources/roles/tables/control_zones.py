"""Three zones and three lines of the master plan: redlines, basic farmland, the urban boundary."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("control_zones", "shapes", shapes=GeometrySettings(shape="area"))
