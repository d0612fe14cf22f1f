"""What measures have installed, per planning unit: the quantities that cost counts."""

from typing import Annotated

from citybraid.core.var import Column, Var

GREEN_ROOF_AREA = Annotated[Column, Var("green_roof_area", "m2", "Green roof installed by measures", on="units", ge=0, absent=0.0)]
PERMEABLE_PAVING_AREA = Annotated[Column, Var("permeable_paving_area", "m2", "Permeable paving laid by measures", on="units", ge=0, absent=0.0)]
RAIN_GARDEN_AREA = Annotated[Column, Var("rain_garden_area", "m2", "Rain garden built by measures", on="units", ge=0, absent=0.0)]
STREET_TREES_PLANTED = Annotated[Column, Var("street_trees_planted", "1", "Street trees planted by measures", on="units", ge=0, absent=0.0)]
RETROFITTED_AREA = Annotated[Column, Var("retrofitted_area", "m2", "Floor area whose envelope measures renewed", on="units", ge=0, absent=0.0)]
PV_CAPACITY = Annotated[Column, Var("pv_capacity", "kW", "Photovoltaic peak power installed by measures", on="units", ge=0, absent=0.0)]
DETENTION_AREA = Annotated[Column, Var("detention_area", "m2", "Detention wetland dug by measures", on="units", ge=0, absent=0.0)]
