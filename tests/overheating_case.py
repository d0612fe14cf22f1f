"""Homes for tests of overheating, and what the model takes in the made-up energy year."""

from typing import Any

import geopandas as gpd

from citybraid.core.factor import resolve
from citybraid.lowcarbon.overheating.overheating import Overheating, OverheatingParams, overheating
from tests.energy_year import energy_year, factors, row_of_buildings

THREE_A = OverheatingParams(climate_zone="3A", blackout_threshold=33.0)


def homes(*, year: float = 1990.0) -> gpd.GeoDataFrame:
    """Return a six-storey slab, an office, a hut of one storey and a renewed slab."""
    buildings = row_of_buildings(("residential", "office", "residential", "residential"), year=year)
    buildings.loc["b2", ["floors", "height", "floor_area"]] = [1.0, 3.2, 560.0]
    buildings["envelope_standard"] = ["as_built", "as_built", "as_built", "gb55015"]
    return buildings.assign(residents=[120.0, 0.0, 20.0, 60.0], elderly=[30.0, 0.0, 12.0, 6.0])


def inputs(buildings: gpd.GeoDataFrame, *, p: OverheatingParams = THREE_A, **changes: Any) -> dict[str, Any]:
    """Return what the model takes, with what is told otherwise; people where the buildings have columns of them."""
    rows = {name: table for name, table in factors().items() if name in overheating.needs}
    rows["limits"] = resolve("overheating", region="CN")
    people = {
        name: buildings[["geometry", column]] if column in buildings else None
        for name, column in (("lived_in", "residents"), ("aged", "elderly"))
    }
    return {"buildings": buildings, "p": p, "tick": lambda _: None, **energy_year(), **rows, **people} | changes


def overheated(buildings: gpd.GeoDataFrame, *, p: OverheatingParams = THREE_A, **changes: Any) -> Overheating:
    """Run the model on homes in the made-up year, with what is told otherwise."""
    result: Overheating = overheating.of(inputs(buildings, p=p, **changes))
    return result
