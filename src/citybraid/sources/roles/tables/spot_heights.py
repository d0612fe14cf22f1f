"""Points of known elevation beside a terrain of another file, read to check its unit and its error."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("spot_heights", "shapes", shapes=GeometrySettings(sheets=False))
