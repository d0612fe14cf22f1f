"""Runoff control rate by continuous simulation of plot storage, and its difference from the volume method."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.surface import (
    ASSUMED_LAND_COVER,
    GREEN_ROOF_COVER,
    LAND_COVER,
    PERMEABLE_PAVING,
    RAIN_GARDEN,
    SOIL_GROUP,
)
from citybraid.core.vocabulary.water import (
    ANNUAL_RUNOFF_CONTROL,
    CONTINUOUS_RUNOFF_CONTROL,
    CONTROL_RATE_DIFFERENCE,
    DAILY_RAIN,
    DETENTION_STORAGE,
)
from citybraid.kernels.flood.plot_storage import storage_overflow
from citybraid.resilience.ground.ground_cover import GROUPS, Group, groups, raster
from citybraid.resilience.ground.plots import plot_mean
from citybraid.resilience.sponge.control_curve import DAY, daily_rain_depths
from citybraid.resilience.sponge.plot_surface import (
    TINY,
    PlotState,
    higher_control_rate,
    known_cover,
    plot_state,
    shares,
)

F64 = NDArray[np.float64]


class ContinuousRunoffControlParams(Params):
    """How facilities drain."""

    soil_group: Group | None = None
    """Hydrologic soil group where no layer gives one: A, B, C or D; required where needed, without a default."""
    underdrains: bool = False
    """Whether rain gardens have drains beneath, which empty them as fast as tanks, besides what seeps away."""


class ContinuousRunoffControl(NamedTuple):
    """Control rate on the cells of each plot, and its excess over that of the volume method."""

    continuous_runoff_control: CONTINUOUS_RUNOFF_CONTROL
    control_rate_difference: CONTROL_RATE_DIFFERENCE


class Steps(NamedTuple):
    """Rain of each wet step [mm], its duration, and the dry time from its end to the next [h]."""

    rain: F64
    wet: F64
    dry: F64


@model(
    version=2,
    cite="Water balance of a storage with a constant rate of emptying, step by step; runoff, storage and drainage "
    "as in the volume method of the Technical Guide for Sponge City Construction (MOHURD, 2014)",
    validity="As resilience.annual_runoff_control, but facilities may be part full when it rains again.",
)
def continuous_runoff_control(
    *,
    land_cover: LAND_COVER,
    permeable_paving: PERMEABLE_PAVING,
    rain_garden: RAIN_GARDEN,
    daily_rain: DAILY_RAIN,
    annual_runoff_control: ANNUAL_RUNOFF_CONTROL,
    coefficient: Annotated[Factors, Fact("runoff_coefficient")],
    facility_storage: Annotated[Factors, Fact("facility_storage")],
    green_ampt: Annotated[Factors, Fact("green_ampt")],
    emptying_time: Annotated[Factors, Fact("storage_emptying_time")],
    rain_duration: Annotated[Factors, Fact("rain_duration")],
    grid: GeoBox,
    p: ContinuousRunoffControlParams,
    soil_group: SOIL_GROUP | None = None,
    green_roof_cover: GREEN_ROOF_COVER | None = None,
    assumed_land_cover: ASSUMED_LAND_COVER | None = None,
    parcels: Annotated[View, Table("parcels", (), optional=(DETENTION_STORAGE,))] | None = None,
) -> ContinuousRunoffControl:
    """Simulate each plot's storage through the rain record, and return the share of runoff that it retains.

    Runoff, storage and the two drainage cases are those of `annual_runoff_control`, so the difference is due
    to time alone: storage not yet empty when it rains again, outflow during rain, and days
    of little rain, which the guide drops. Rain gardens infiltrate at the soil's conductivity; tanks and basins drain
    at a constant rate within the emptying time. A day's rain falls evenly within the typical duration of an event,
    that of shorter steps within the step. Missing steps are dry.
    Raises InputError where the record cannot be used, or the soil group is missing.
    """
    mix = shares(permeable_paving, rain_garden, green_roof_cover, land_cover.shape)
    cover = known_cover(land_cover, assumed_land_cover)
    state = plot_state(
        cover, mix, coefficient=coefficient, facility_storage=facility_storage, parcels=parcels, grid=grid
    )
    conductivity = np.zeros(land_cover.shape)
    if mix[0].any():
        group = groups(land_cover, soil_group, p.soil_group, "resilience.continuous_runoff_control")
        conductivity = np.array([green_ampt[f"{name}/conductivity"] for name in GROUPS])[group]
    drained_storage = state.tanks + (state.gardens if p.underdrains else 0.0)
    emptying = plot_mean(mix[0] * conductivity, state.plot, state.counted) + drained_storage / emptying_time[""]
    series = steps(daily_rain, duration=rain_duration[""])
    mean = state.mean
    rate = higher_control_rate(
        retained_share(series, state, emptying, runoff=mean.coefficient),
        retained_share(series, state, emptying, runoff=mean.sealed_runoff),
        mean,
    )
    control = raster(np.where(state.counted, rate, np.nan))
    return ContinuousRunoffControl(control, xr.DataArray(control - annual_runoff_control.to_numpy(), dims=("y", "x")))


def steps(rain: pd.Series, *, duration: float) -> Steps:
    """Return the wet steps of a record; the rain of whole days falls in `duration` hours [h].

    Raises InputError where the step does not divide a day, or the record has no value.
    """
    daily_rain_depths(rain)
    hours = rain.index.to_numpy(np.float64)
    step = float(hours[1] - hours[0]) if hours.size > 1 else DAY
    depths = np.nan_to_num(rain.to_numpy(np.float64))
    wet_index = np.flatnonzero(depths)
    wet = np.full(wet_index.size, duration if step == DAY else step)
    ends = np.append(wet_index[1:], depths.size) * step
    return Steps(depths[wet_index], wet, ends - wet_index * step - wet)


def retained_share(series: Steps, state: PlotState, emptying: F64, *, runoff: F64) -> F64:
    """Return the share of each cell's plot runoff that its storage retains [-]; 0 without storage or runoff.

    `runoff` is the plot's runoff coefficient [-], `emptying` the rate at which storage drains [mm h⁻¹].
    """
    capacity = state.gardens + state.tanks
    plots, first = np.unique(state.plot[state.counted], return_index=True)
    columns = np.stack([each[state.counted][first] for each in (capacity, emptying, runoff)])
    has_storage = (columns[0] > 0.0) & (columns[2] > TINY)
    storage, rate, coefficient = columns[:, has_storage]
    overflow = storage_overflow(series.rain, series.wet, series.dry, storage, rate, coefficient)
    control = np.zeros(int(state.plot.max()) + 1)
    control[plots[has_storage]] = 1.0 - overflow / (coefficient * max(float(series.rain.sum()), TINY))
    return np.asarray(np.clip(control, 0.0, 1.0)[state.plot], dtype=np.float64)
