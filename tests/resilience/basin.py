"""A flood run in one call, for tests."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from citybraid.core.factor import resolve
from citybraid.core.group import flatten
from citybraid.resilience.flood.flood import flood
from citybraid.resilience.flood.params import FloodParams

STRUCTURES = resolve("flood_structures")
INLET = resolve("drain_inlet")
DEBRIS = {"depth": 0.25, "shallow": 0.5, "deep": 1.0}
CRS = "EPSG:32651"
HOUR = 3600.0
CLOSED: dict[str, Any] = {"north": "closed", "south": "closed", "east": "closed", "west": "closed"}


def raster(values: Any) -> xr.DataArray:
    return xr.DataArray(np.asarray(values, dtype=np.float64), dims=("y", "x"))


def plane(shape: tuple[int, int], value: float) -> NDArray[np.float64]:
    return np.full(shape, value)


def rain(rate: float, seconds: float = HOUR) -> pd.Series:
    """Return two steps: rain [mm h⁻¹] for `seconds`, then none as long."""
    return pd.Series([rate, 0.0], index=[0.0, seconds / HOUR])


def series(values: Any, step: float) -> pd.Series:
    """Return values at a step [s]."""
    return pd.Series(np.asarray(values, dtype=np.float64), index=np.arange(len(values)) * step / HOUR)


def line(*points: tuple[float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries([LineString(points)], index=["in"], crs=CRS))


class Outputs(SimpleNamespace):
    """Outputs of a flood by name, members of groups as well; those of absent groups are not there."""


def run(terrain: Any, **words: Any) -> Outputs:
    """Run the model; words that are parameters go there, rasters may be plain arrays."""
    cell, manning, falling = words.pop("cell", 5.0), words.pop("manning", 0.03), words.pop("falling", rain(0.0))
    bed = np.asarray(terrain, dtype=np.float64)
    grid = GeoBox.from_bbox((0, 0, bed.shape[1] * cell, bed.shape[0] * cell), crs=CRS, resolution=cell)
    parameters = {name: words.pop(name) for name in list(words) if name in FloodParams.model_fields}
    given: dict[str, Any] = {
        name: raster(value) if isinstance(value, np.ndarray) else value for name, value in words.items()
    }
    found = flood.of({
        "terrain": raster(bed), "manning": raster(np.broadcast_to(manning, bed.shape)), "rain_intensity": falling,
        "flood_debris": DEBRIS, "flood_structures": STRUCTURES, "drain_inlet": INLET, "grid": grid,
        "p": FloodParams.model_validate(parameters), **given,
    })  # fmt: skip
    return Outputs(**flatten(found))


def features(*shapes: BaseGeometry, **columns: Sequence[float] | NDArray[np.float64]) -> gpd.GeoDataFrame:
    """Return a table of shapes named a, b, c … with its columns."""
    names = [chr(ord("a") + place) for place in range(len(shapes))]
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(list(shapes), index=names, crs=CRS), index=names)
