"""Parcels of the detailed plan."""

from citybraid.sources.protocol.role import Role, Shaped

ROLE = Role("parcels", "shapes", shapes=Shaped(shape="area", partition=True, leads=3, named_by="plot_number"))
