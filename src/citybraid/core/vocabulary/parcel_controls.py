"""Controls that a detailed plan states for its parcels beside those of form: sponge, energy, parking, planting."""

from typing import Annotated

from citybraid.core.var import Column, Var

PLANNED_STORAGE = Annotated[
    Column,
    Var("planned_storage", "m3 ha-1", "Storage of runoff per plot area, as planned", on="parcels", ge=0, le=5000),
]
PLANNED_SUNKEN_GREEN = Annotated[
    Column, Var("planned_sunken_green", "1", "Sunken green over green, as planned", on="parcels", ge=0, le=1)
]
PLANNED_PERMEABLE = Annotated[
    Column, Var("planned_permeable", "1", "Permeable over all paving, as planned", on="parcels", ge=0, le=1)
]
PLANNED_GREEN_ROOF = Annotated[
    Column, Var("planned_green_roof", "1", "Green roof over roof, as planned", on="parcels", ge=0, le=1)
]
PLANNED_PV_ROOF = Annotated[
    Column, Var("planned_pv_roof", "1", "Photovoltaics over roof, as planned", on="parcels", ge=0, le=1)
]
PLANNED_SOLIDS_REMOVAL = Annotated[
    Column, Var("planned_solids_removal", "1", "Suspended solids kept back, as planned", on="parcels", ge=0, le=1)
]
PLANNED_ENERGY_INTENSITY = Annotated[
    Column,
    Var("planned_energy_intensity", "kWh m-2 year-1", "Highest energy per floor area, as planned", on="parcels", ge=0),
]
PLANNED_SETBACK = Annotated[
    Column,
    Var("planned_setback", "m", "Least distance of buildings from the plot's boundary", on="parcels", ge=0, le=500),
]
PLANNED_PARKING = Annotated[
    Column, Var("planned_parking", "1", "Parking spaces that the plan asks for", on="parcels", ge=0)
]
PLANNED_BUILDING_STARS = Annotated[
    Column,
    Var("planned_building_stars", "1", "Stars of green building that the plan asks for", on="parcels", ge=0, le=3),
]
PLANNED_NATIVE_PLANTS = Annotated[
    Column, Var("planned_native_plants", "1", "Native over all plant species, as planned", on="parcels", ge=0, le=1)
]
