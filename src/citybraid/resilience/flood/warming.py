"""Tiny floods, one for each set of parts for which kernels are compiled separately."""

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import LineString

from citybraid.core.precondition import FirstTick
from citybraid.core.warm_case import Tiny, WarmCase
from citybraid.resilience.flood.flood import flood

SIDE, CELL, CRS = 12, 5.0, "EPSG:32651"
"""Cells along a side, their size [m] and their place."""
MINUTES = {"duration": 600.0}


def _raster(value: float) -> xr.DataArray:
    return xr.DataArray(np.full((SIDE, SIDE), value), dims=("y", "x"))


def _storm(*parts: Callable[[], Mapping[str, Any]]) -> Callable[[], Tiny]:
    """Return a function that makes the inputs of a storm over flat ground, with `parts` added."""

    def storm() -> Tiny:
        values: dict[str, Any] = {
            "terrain": _raster(0.0),
            "manning": _raster(0.03),
            "rain_intensity": pd.Series([60.0, 0.0], index=[0.0, 0.1]),
        }
        for part in parts:
            values |= part()
        return Tiny(values, GeoBox.from_bbox((0.0, 0.0, SIDE * CELL, SIDE * CELL), crs=CRS, resolution=CELL))

    return storm


def _drains() -> Mapping[str, Any]:
    return {"drain_capacity": _raster(36.0)}


def _defences() -> Mapping[str, Any]:
    """Return a levee with a gate in it, a culvert through it and a pump over it."""
    middle, south, north = SIDE * CELL / 2.0, 1.5 * CELL, (SIDE - 1.5) * CELL
    near, far = middle - 2.5 * CELL, middle + 2.5 * CELL
    return {
        "levees": _table(LineString([(middle, -CELL), (middle, (SIDE + 1) * CELL)]), crest_level=1.0),
        "gates": _table(LineString([(near, south), (far, south)]), gate_width=2.0, gate_sill=0.2),
        "culverts": _table(LineString([(near, middle), (far, middle)]), culvert_diameter=1.0),
        "pumps": _table(LineString([(near, north), (far, north)]), pump_capacity=0.1),
    }


def _table(shape: LineString, **columns: float) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame([columns], geometry=[shape], index=["a"], crs=CRS)


CASES = (
    WarmCase(flood, "", _storm(), MINUTES),
    WarmCase(flood, "drain_capacity", _storm(_drains), MINUTES),
    WarmCase(flood, "levees, gates, culverts, pumps", _storm(_defences), MINUTES),
    WarmCase(flood, "levees, gates, culverts, pumps, drain_capacity", _storm(_defences, _drains), MINUTES),
    WarmCase(flood, "subgrid", _storm(), {**MINUTES, "subgrid": 2}),
)
"""The flood alone, with drains, with defences, with both, and on coarse cells."""
FIRST_TICK = FirstTick(flood)
"""What a check rehearses of a flood: its forcing, up to the first tick."""
