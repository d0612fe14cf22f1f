"""Quantities installed by measures, per planning unit: the basis of cost."""

from typing import Annotated

from citybraid.core.var import Column, Number, Var

GREEN_ROOF_AREA = Annotated[
    Column, Var("green_roof_area", "m2", "Green roof installed by measures", on="units", ge=0, absent=0.0)
]
COOL_ROOF_AREA = Annotated[
    Column, Var("cool_roof_area", "m2", "Reflective roof laid by measures", on="units", ge=0, absent=0.0)
]
PERMEABLE_PAVING_AREA = Annotated[
    Column, Var("permeable_paving_area", "m2", "Permeable paving laid by measures", on="units", ge=0, absent=0.0)
]
RAIN_GARDEN_AREA = Annotated[
    Column, Var("rain_garden_area", "m2", "Rain garden built by measures", on="units", ge=0, absent=0.0)
]
STREET_TREES_PLANTED = Annotated[
    Column, Var("street_trees_planted", "1", "Street trees planted by measures", on="units", ge=0, absent=0.0)
]
WOODLAND_AREA = Annotated[
    Column, Var("woodland_area", "m2", "Tree canopy planted by measures on open ground", on="units", ge=0, absent=0.0)
]
RETROFITTED_AREA = Annotated[
    Column, Var("retrofitted_area", "m2", "Floor area whose envelope measures renewed", on="units", ge=0, absent=0.0)
]
PV_CAPACITY = Annotated[
    Column, Var("pv_capacity", "kW", "Photovoltaic peak power installed by measures", on="units", ge=0, absent=0.0)
]
DETENTION_AREA = Annotated[
    Column, Var("detention_area", "m2", "Detention wetland dug by measures", on="units", ge=0, absent=0.0)
]
UPGRADED_DRAINAGE_AREA = Annotated[
    Column,
    Var("upgraded_drainage_area", "m2", "Ground whose drains measures enlarged", on="units", ge=0, absent=0.0),
]
RAISED_FLOOR_AREA = Annotated[
    Column, Var("raised_floor_area", "m2", "Ground floor raised by measures", on="units", ge=0, absent=0.0)
]
PROTECTED_WALL_LENGTH = Annotated[
    Column,
    Var(
        "protected_wall_length",
        "m",
        "Outer wall made tight by measures, its openings included",
        on="units",
        ge=0,
        absent=0.0,
    ),
]
PEOPLE_WARNED = Annotated[
    Column, Var("people_warned", "person", "Residents prepared for flood warnings", on="units", ge=0, absent=0.0)
]
TANK_VOLUME = Annotated[
    Column, Var("tank_volume", "m3", "Rain tanks and basins built by measures", on="units", ge=0, absent=0.0)
]
RAISED_LEVEE_FACE = Annotated[
    Column,
    Var("raised_levee_face", "m2", "Length of levees times what measures raised them", on="units", ge=0, absent=0.0),
]
PUMP_CAPACITY_ADDED = Annotated[
    Column, Var("pump_capacity_added", "m3 s-1", "Pumping installed by measures", on="units", ge=0, absent=0.0)
]

PLANNED_FLOOR_AREA = Annotated[
    Column, Var("planned_floor_area", "m2", "Floor area built on planned parcels", on="units", ge=0, absent=0.0)
]
REALISED_FLOOR_AREA_RATIO = Annotated[
    Column,
    Var(
        "realised_floor_area_ratio",
        "1",
        "Floor area ratio that the built form reaches; none where nothing was planned",
        on="parcels",
        ge=0,
        le=40,
    ),
]
REALISED_DENSITY = Annotated[
    Column,
    Var(
        "realised_density",
        "1",
        "Building density that the built form reaches; none where nothing was planned",
        on="parcels",
        ge=0,
        le=1,
    ),
]
REALISED_GREEN_RATIO = Annotated[
    Column,
    Var(
        "realised_green_ratio",
        "1",
        "Green ratio that the built form reaches; none where nothing was planned",
        on="parcels",
        ge=0,
        le=1,
    ),
]
UNPLACED_POPULATION = Annotated[
    Column, Var("unplaced_population", "person", "Residents of the unit for whom no home was found", on="units", ge=0)
]
RESIDENTS_ERROR = Annotated[
    Number,
    Var("residents_error", "1", "Residents placed and unplaced less population, over population", on="", closes=1e-9),
]
BIOGAS_CAPACITY = Annotated[
    Column,
    Var("biogas_capacity", "m3 year-1", "Biogas of digesters that measures built", on="units", ge=0, absent=0.0),
]
ADDED_DEPARTURES = Annotated[
    Column,
    Var("added_departures", "h-1", "Departures an hour and direction added by measures, over all stops", on="units",
        ge=0, absent=0.0),
]  # fmt: skip
MOVED_FLOOR_AREA = Annotated[
    Column,
    Var("moved_floor_area", "m2", "Planned floor area that measures moved to stations", on="units", ge=0, absent=0.0),
]
TIMBER_AREA = Annotated[
    Column,
    Var("timber_area", "m2", "Floor area of new buildings that measures build of timber", on="units", ge=0, absent=0.0),
]
LOW_CARBON_CONCRETE_AREA = Annotated[
    Column,
    Var("low_carbon_concrete_area", "m2", "Floor area of new buildings that measures build of low-carbon concrete",
        on="units", ge=0, absent=0.0),
]  # fmt: skip
CYCLE_LANE_LENGTH = Annotated[
    Column,
    Var("cycle_lane_length", "m", "Length of streets that measures gave cycle lanes apart from cars", on="units", ge=0,
        absent=0.0),
]  # fmt: skip
STORAGE_CAPACITY = Annotated[
    Column, Var("storage_capacity", "kWh", "Usable capacity of batteries that measures installed", on="units", ge=0,
                absent=0.0)
]  # fmt: skip
NETWORK_HEATED_AREA = Annotated[
    Column,
    Var("network_heated_area", "m2", "Floor area that measures connected to a heat network", on="units", ge=0,
        absent=0.0),
]  # fmt: skip
ADDED_STOPS = Annotated[
    Column, Var("added_stops", "1", "Stops of buses or metro added by measures", on="units", ge=0, absent=0.0)
]
POCKET_PARK_AREA = Annotated[
    Column, Var("pocket_park_area", "m2", "Pocket parks laid out by measures", on="units", ge=0, absent=0.0)
]
RIPARIAN_BUFFER_AREA = Annotated[
    Column,
    Var("riparian_buffer_area", "m2", "Ground along water that measures planted", on="units", ge=0, absent=0.0),
]
HEDGEROW_LENGTH = Annotated[
    Column, Var("hedgerow_length", "m", "Hedges planted by measures", on="units", ge=0, absent=0.0)
]
DEPAVED_AREA = Annotated[
    Column, Var("depaved_area", "m2", "Paving that measures took up and planted", on="units", ge=0, absent=0.0)
]
DAYLIGHTED_LENGTH = Annotated[
    Column, Var("daylighted_length", "m", "Buried river that measures opened", on="units", ge=0, absent=0.0)
]
BACKUP_ENERGY = Annotated[
    Column,
    Var("backup_energy", "kWh", "Backup power that measures added to lifeline components: load times hours", on="units",
        ge=0, absent=0.0),
]  # fmt: skip
RAISED_COMPONENTS = Annotated[
    Column,
    Var("raised_components", "1", "Lifeline components whose parts measures raised above the ground", on="units", ge=0,
        absent=0.0),
]  # fmt: skip
FEED_PIPE_LENGTH = Annotated[
    Column,
    Var("feed_pipe_length", "m", "Pipes that measures laid from plants to the heat network", on="units", ge=0,
        absent=0.0),
]  # fmt: skip
HEAT_PIPE_LENGTH = Annotated[
    Column,
    Var("heat_pipe_length", "m", "Pipes for waste heat that measures laid to plants", on="units", ge=0, absent=0.0),
]
SHADED_WINDOW_AREA = Annotated[
    Column,
    Var("shaded_window_area", "m2", "Windows before which measures hung blinds", on="units", ge=0, absent=0.0),
]
