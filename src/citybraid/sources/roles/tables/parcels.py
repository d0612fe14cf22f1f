"""Parcels of the detailed plan."""

from citybraid.sources.protocol.role import GeometrySettings, Role

ROLE = Role("parcels", "shapes", shapes=GeometrySettings(shape="area", partition=True, leads=3, named_by="plot_number"))
