"""The small plan in a storm, run by the engine: floods, depths at buildings, damage, people, under measures.

Ground floors are level with the ground, so that all water at a wall costs something.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from shapely.geometry import LineString

from citybraid.core.catalogue import load
from citybraid.core.evaluate import Use
from citybraid.core.factor import shipped
from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.core.var import Var
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.store.store import Store
from citybraid.study.plan.homes import content_key
from citybraid.study.plan.planner import Settings, plan
from citybraid.study.run.engine import Engine
from tests.integrate.plan import BUILDINGS, CRS, GRID, PARCELS, UNITS, land_cover, raster, terrain

STORM = "storm"
MODELS = tuple(
    load(name)
    for name in (
        "integrate.bridges.building_fraction",
        "resilience.annual_runoff_control",
        "resilience.flood",
        "resilience.flood_damage",
        "resilience.flood_depth",
        "resilience.people_exposed",
        "resilience.people_unwarned",
        "resilience.soil",
    )
)
PARAMS: Mapping[str, Any] = {
    "resilience.flood": dict.fromkeys(("north", "south", "east", "west"), "closed"),
    "resilience.soil": {"soil_group": "D"},
}


class FloodedPlan:
    """The Place and its store; `under` runs it with measures and returns what the models made."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.engine = Engine(self.store, threads=1)
        rain = pd.Series([80.0, 0.0], index=pd.Index([0.0, 1.0], name="hours"))
        self.place = Place().put(
            [
                *self.table("units", UNITS),
                *self.table("parcels", PARCELS[["geometry", "land_use"]]),
                *self.table("buildings", BUILDINGS[["geometry", "building_use", "floors", "year_built"]]),
                self.home("floor_height", pd.Series(0.0, index=BUILDINGS.index)),
                self.home("residents", pd.Series([90.0, 6.0, 0.0, 0.0, 0.0], index=BUILDINGS.index)),
                self.home("terrain", terrain()),
                self.home("land_cover", land_cover()),
                self.home("manning", raster(np.full(GRID.shape, 0.03))),
                self.home("rain_intensity", rain, event=STORM),
                self.home("daily_rain", pd.Series([0.0, 3.0, 40.0, 0.0, 12.0, 25.0], index=np.arange(6) * 24.0)),
            ]
        )

    def home(self, name: str, value: Any, **at: str) -> Layer:
        """Put a value into the store and return the handle to it."""
        var: Var = vocabulary()[name]
        grid = GRID if isinstance(value, xr.DataArray) else None
        key = content_key(var, value, grid)
        self.store.put(key, value)
        return Layer(var, key, grid, frozenset(at.items()))

    def table(self, name: str, frame: gpd.GeoDataFrame) -> list[Layer]:
        """Return the handles to a table's shapes and columns."""
        columns = [self.home(column, frame[column]) for column in frame.columns if column != "geometry"]
        return [self.home(name, frame.geometry), *columns]

    def under(self, *uses: Use, more: tuple[Layer, ...] = (), **flood: Any) -> dict[str, Any]:
        """Run the models on the Place with measures, and return every value by name; words are the flood's."""
        params = {**PARAMS, "resilience.flood": {**PARAMS["resilience.flood"], **flood}}
        settings = Settings(GRID, shipped(), "CN-SH", 2025, params)
        planned = plan(self.place.put(more), MODELS, uses, settings)
        self.engine.run(planned.steps)
        layers = {name: found[0] for name, found in planned.place.layers.items()}
        return {name: self.engine.memory.get(layer.key) for name, layer in layers.items() if self.store.has(layer.key)}


def river_bank(town: FloodedPlan) -> tuple[Layer, ...]:
    """Return no rain, a river at the south that rises by half a metre in an hour and a half, and a low levee."""
    hours = pd.Index(np.arange(13) / 6.0, name="hours")
    line = gpd.GeoSeries([LineString([(-5, 5), (105, 5)])], index=["bank"], crs=CRS)
    return (
        town.home("rain_intensity", pd.Series([0.0, 0.0], index=pd.Index([0.0, 2.0], name="hours")), event=STORM),
        town.home("edge_level", pd.Series(10.0 + 0.5 * np.minimum(hours / 1.5, 1.0), index=hours)),
        town.home("levees", line),
        town.home("crest_height", pd.Series([0.1], index=["bank"])),
    )
