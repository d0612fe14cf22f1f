"""Names of what an edit of one parcel changes, and of what its buildings and its ground are known by."""

from collections.abc import Mapping

STATUS = "parcel_status"
RATIO, DENSITY, LIMIT, GREEN = "floor_area_ratio", "building_density", "height_limit", "green_ratio"
CONTROLS = (RATIO, DENSITY, LIMIT, GREEN)
"""Controls of a parcel that the built form carries out."""
SHORT: Mapping[str, str] = {"far": RATIO, "density": DENSITY, "height": LIMIT}
"""Short names of controls."""
BUILDINGS, STOREYS, USE, PEOPLE = "buildings", "floors", "building_use", "residents"
COVER, CANOPY = "land_cover", "canopy_cover"
LOADS = ("building_emissions", "electricity", "energy_cost")
"""Columns of buildings that go with floor area and use."""
DEPTH = "max_depth"
SURROUNDINGS = (
    DEPTH, "annual_runoff_control", "air_temperature", "utci", "habitat_quality", CANOPY, "night_heat_island",
)  # fmt: skip
"""Rasters whose mean over a parcel tells where an edit is made."""
