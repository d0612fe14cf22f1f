"""Annual runoff volume control rate of plots, and the storage that a target rate requires."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.surface import (
    ASSUMED_LAND_COVER,
    GREEN_ROOF_COVER,
    LAND_COVER,
    PERMEABLE_PAVING,
    RAIN_GARDEN,
)
from citybraid.core.vocabulary.water import (
    ANNUAL_RUNOFF_CONTROL,
    DAILY_RAIN,
    DETENTION_STORAGE,
    PLANNED_RUNOFF_CONTROL,
    REQUIRED_STORAGE,
    RUNOFF_COEFFICIENT,
    SPONGE_STORAGE,
)
from citybraid.resilience.ground.ground_cover import raster
from citybraid.resilience.ground.plots import parcel_values
from citybraid.resilience.sponge.control_curve import ControlCurve, curve_from_days, curve_from_pairs, daily_rain_depths
from citybraid.resilience.sponge.plot_surface import TINY, column, higher_control_rate, known_cover, plot_state, shares


class AnnualRunoffControlParams(Params):
    """Source of the design rain, and the target."""

    daily_rain: Literal["published"] | None = None
    """'published' takes the region's published pairs of control rate and design rain where no record of daily rain is given; a record always wins."""  # noqa: E501  (a field's docstring is one line)
    target: float | None = Field(None, gt=0.0, lt=1.0)
    """Target control rate of parcels without one of their own; without it those have no required storage [-]."""


class AnnualRunoffControl(NamedTuple):
    """Control rate and storage, on the cells of each plot."""

    annual_runoff_control: ANNUAL_RUNOFF_CONTROL
    required_storage: REQUIRED_STORAGE
    sponge_storage: SPONGE_STORAGE
    runoff_coefficient: RUNOFF_COEFFICIENT


@model(
    version=2,
    cite="Technical Guide for Sponge City Construction (MOHURD, 2014): W = 10 psi H F, design rain of annex 2, "
    "coefficients of table 4-3; GB/T 51345-2018, 5.1 (rate of ground without facilities)",
    validity="Plots whose runoff can reach their facilities, and facilities that empty between two days of rain; "
    "thirty years of daily rain or more.",
)
def annual_runoff_control(
    *,
    land_cover: LAND_COVER,
    permeable_paving: PERMEABLE_PAVING,
    rain_garden: RAIN_GARDEN,
    coefficient: Annotated[Factors, Fact("runoff_coefficient")],
    facility_storage: Annotated[Factors, Fact("facility_storage")],
    threshold: Annotated[Factors, Fact("sponge_rain_threshold")],
    grid: GeoBox,
    p: AnnualRunoffControlParams,
    daily_rain: DAILY_RAIN | None = None,
    design_rain: Annotated[Factors, Fact("sponge_design_rain")] | None = None,
    green_roof_cover: GREEN_ROOF_COVER | None = None,
    assumed_land_cover: ASSUMED_LAND_COVER | None = None,
    parcels: Annotated[View, Table("parcels", (), optional=(PLANNED_RUNOFF_CONTROL, DETENTION_STORAGE))] | None = None,
) -> AnnualRunoffControl:
    """Return the share of annual rain that each plot retains, by the volume method.

    A plot is a parcel, or a cell outside every parcel. Its storage W retains the rain depth
    H = W / (10 psi F) of each event; the daily record (or the published pairs) gives the share of all rain
    for that depth. Facilities serve the whole plot, or its sealed area only while the rest retains
    1 - psi of its own rain: the higher of the two counts, so ground without facilities has
    0 where sealed and 1 - psi elsewhere. Permeable paving and green roofs count in psi, not in W.
    Storage and requirement are means of the plot [mm]. Open water outside parcels has no value, nor has ground whose
    cover no file tells: plots are described by their known ground alone.
    Raises InputError where the record cannot be used, or the region has no published pairs.
    """
    curve = _curve(daily_rain, design_rain, least=threshold[""])
    mix = shares(permeable_paving, rain_garden, green_roof_cover, land_cover.shape)
    cover = known_cover(land_cover, assumed_land_cover)
    state = plot_state(
        cover, mix, coefficient=coefficient, facility_storage=facility_storage, parcels=parcels, grid=grid
    )
    target = np.full(state.plot.shape, np.nan if p.target is None else p.target)
    if parcels is not None:
        stated = parcel_values(column(parcels, "planned_runoff_control"), state.plot)
        target = np.where(np.isfinite(stated), stated, target)
    storage, mean = state.gardens + state.tanks, state.mean
    rate = higher_control_rate(
        curve.share_at(storage / np.maximum(mean.coefficient, TINY)),
        curve.share_at(storage / np.maximum(mean.sealed_runoff, TINY)),
        mean,
    )
    needed = mean.coefficient * np.where(np.isnan(target), np.nan, curve.depth_for(target))
    control, required, available = (
        raster(np.where(state.counted, values, np.nan)) for values in (rate, needed, storage)
    )
    return AnnualRunoffControl(control, required, available, raster(state.coefficient))


def _curve(daily_rain: pd.Series | None, pairs: Mapping[str, float] | None, *, least: float) -> ControlCurve:
    if daily_rain is not None:
        return curve_from_days(daily_rain_depths(daily_rain), least=least)
    return curve_from_pairs(pairs or {})
