"""Urban climate map: thermal load of each place against the area's mean, in published classes."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.heat import DAY_HEAT_ISLAND, NIGHT_HEAT_ISLAND
from citybraid.core.vocabulary.resilience.climate_map import (
    CLIMATE_MAP_CLASS,
    COOLING_LOAD_AREA,
    THERMAL_LOAD,
    THERMAL_LOAD_AREA,
    TRANSITION,
)

F64 = NDArray[np.float64]

HECTARE = 1e4
STEPS = ("low", "moderate", "high")
"""Classes of load on either side of the transition, from the middle out."""


class ClimateMap(NamedTuple):
    """Load and class of each cell, and areas."""

    thermal_load: THERMAL_LOAD
    climate_map_class: CLIMATE_MAP_CLASS
    thermal_load_area: THERMAL_LOAD_AREA
    cooling_load_area: COOLING_LOAD_AREA


@model(
    version=1,
    cite="Liu, Zhao, Zhao and Deng (2017), Acta Ecologica Sinica 37: 606-618 (classes of normalised thermal load, "
    "Ningbo); VDI 3787-1 (2015), Climate and air pollution maps for cities and regions",
    validity="The bounds are published for Ningbo, whose load is of another make: satellites and land cover. Here it "
    "is the heat island of the computed air. Classes are relative to the plan area, so that every area has some of "
    "both sides: they say where to act first, not how hot it is, and do not compare between areas.",
)
def climate_map(
    *,
    night_heat_island: NIGHT_HEAT_ISLAND,
    day_heat_island: DAY_HEAT_ISLAND,
    thermal_load_class: Annotated[Factors, Fact("thermal_load_class")],
    grid: GeoBox,
) -> ClimateMap:
    """Return thermal load from -1 to 1, its class, and the areas of moderate and high load on either side [ha].

    The heat island of a place is the mean of that by night and that by day. Load is how much it exceeds the area's
    mean, over the difference between the warmest and the coolest place. Bounds hold for both signs; a load at a bound
    belongs to the class nearer to the transition. Where the heat island is the same everywhere all is transition. Cells
    that lack either heat island have no load and class 0. Raises InputError where no cell has both.
    """
    warmer = 0.5 * (night_heat_island.to_numpy().astype(np.float64) + day_heat_island.to_numpy().astype(np.float64))
    known = np.isfinite(warmer)
    if not known.any():
        raise InputError("climate_map.no_cells")
    load = np.where(known, normalised(warmer, known), np.nan)
    bounds = np.array([thermal_load_class[name] for name in STEPS])
    away = np.searchsorted(bounds, np.abs(np.nan_to_num(load)), side="left")
    classes = np.where(known, TRANSITION + np.sign(np.nan_to_num(load)) * away, 0).astype(np.int32)
    area = abs(float(grid.resolution.x * grid.resolution.y)) / HECTARE
    return ClimateMap(
        night_heat_island.copy(data=load),
        xr.DataArray(classes, dims=night_heat_island.dims, coords=night_heat_island.coords),
        float((classes >= TRANSITION + 2).sum()) * area,
        float(((classes <= TRANSITION - 2) & known).sum()) * area,
    )


def normalised(values: F64, known: NDArray[np.bool_]) -> F64:
    """Return values less their mean over their range; 0 where all that are known are the same."""
    inside = values[known]
    span = float(inside.max() - inside.min())
    return np.asarray((values - inside.mean()) / span, np.float64) if span > 0.0 else np.zeros_like(values)
