"""Runoff control rate of plots whose storage is followed through the years, and how far the sorted days are off."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.surface import (
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
from citybraid.kernels.flood.plot_storage import shed
from citybraid.resilience.ground.ground_cover import GROUPS, Group, groups, raster
from citybraid.resilience.ground.plots import mean_of
from citybraid.resilience.sponge.control_curve import DAY, days
from citybraid.resilience.sponge.plot_surface import TINY, PlotState, both_ways, plot_state, shares

F64 = NDArray[np.float64]


class ContinuousRunoffControlParams(Params):
    """How facilities empty."""

    soil_group: Group | None = None
    """Hydrologic soil group where no layer gives one: A, B, C or D; asked for if needed, never assumed in silence."""
    underdrains: bool = False
    """Whether rain gardens have drains beneath, which empty them as fast as tanks, besides what seeps away."""


class ContinuousRunoffControl(NamedTuple):
    """Control rate on the cells of each plot, and what it has more than that of sorted days."""

    continuous_runoff_control: CONTINUOUS_RUNOFF_CONTROL
    control_rate_difference: CONTROL_RATE_DIFFERENCE


class Steps(NamedTuple):
    """Rain of each wet step [mm], the hours it falls in, and the hours from its end to the next [h]."""

    rain: F64
    wet: F64
    dry: F64


@model(
    version=1,
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
    parcels: Annotated[View, Table("parcels", (), optional=(DETENTION_STORAGE,))] | None = None,
) -> ContinuousRunoffControl:
    """Follow each plot's storage through the record of rain, and tell which share of the runoff it keeps.

    Runoff, storage and the two ways of draining are those of `annual_runoff_control`, so the difference comes
    from time alone: storage that is not yet empty when it rains again, water that leaves while it rains, and days
    of little rain, which the guide drops. Rain gardens seep at the soil's conductivity; tanks and basins empty
    evenly within the emptying time. A day's rain falls evenly in the usual duration of an event,
    that of shorter steps in the step. Unknown steps are dry.
    Raises InputError where the record cannot be used, or the soil is not known.
    """
    mix = shares(permeable_paving, rain_garden, green_roof_cover, land_cover.shape)
    state = plot_state(
        land_cover, mix, coefficient=coefficient, facility_storage=facility_storage, parcels=parcels, grid=grid
    )
    conductivity = np.zeros(land_cover.shape)
    if mix[0].any():
        group = groups(land_cover, soil_group, p.soil_group, "resilience.continuous_runoff_control")
        conductivity = np.array([green_ampt[f"{name}/conductivity"] for name in GROUPS])[group]
    drained_storage = state.tanks + (state.gardens if p.underdrains else 0.0)
    emptying = mean_of(mix[0] * conductivity, state.plot, state.counted) + drained_storage / emptying_time[""]
    series = steps(daily_rain, duration=rain_duration[""])
    mean = state.mean
    rate = both_ways(
        kept_share(series, state, emptying, runoff=mean.coefficient),
        kept_share(series, state, emptying, runoff=mean.sealed_runoff),
        mean,
    )
    control = raster(np.where(state.counted, rate, np.nan))
    return ContinuousRunoffControl(control, xr.DataArray(control - annual_runoff_control.to_numpy(), dims=("y", "x")))


def steps(rain: pd.Series, *, duration: float) -> Steps:
    """Return the wet steps of a record; the rain of whole days falls in `duration` hours [h].

    Raises InputError where the step is no whole part of a day, or no known step has rain.
    """
    days(rain)
    hours = rain.index.to_numpy(np.float64)
    step = float(hours[1] - hours[0]) if hours.size > 1 else DAY
    depths = np.nan_to_num(rain.to_numpy(np.float64))
    wet_index = np.flatnonzero(depths)
    wet = np.full(wet_index.size, duration if step == DAY else step)
    ends = np.append(wet_index[1:], depths.size) * step
    return Steps(depths[wet_index], wet, ends - wet_index * step - wet)


def kept_share(series: Steps, state: PlotState, emptying: F64, *, runoff: F64) -> F64:
    """Return the share of each cell's plot runoff that its storage holds [-]; 0 where it has no storage or no runoff.

    `runoff` is the runoff of the plot by its rain [-], `emptying` the rate at which storage empties [mm h⁻¹].
    """
    capacity = state.gardens + state.tanks
    plots, first = np.unique(state.plot[state.counted], return_index=True)
    columns = np.stack([each[state.counted][first] for each in (capacity, emptying, runoff)])
    has_storage = (columns[0] > 0.0) & (columns[2] > TINY)
    room, rate, coefficient = columns[:, has_storage]
    overflow = shed(series.rain, series.wet, series.dry, room, rate, coefficient)
    control = np.zeros(int(state.plot.max()) + 1)
    control[plots[has_storage]] = 1.0 - overflow / (coefficient * max(float(series.rain.sum()), TINY))
    return np.asarray(np.clip(control, 0.0, 1.0)[state.plot], dtype=np.float64)
