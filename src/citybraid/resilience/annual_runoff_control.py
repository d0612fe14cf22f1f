"""Annual runoff volume control rate of plots, and the storage that a rate asks for."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.surface import COVER, GREEN_ROOF_COVER, LAND_COVER, PERMEABLE_PAVING, RAIN_GARDEN
from citybraid.core.vocabulary.water import (
    ANNUAL_RUNOFF_CONTROL,
    DAILY_RAIN,
    DETENTION_STORAGE,
    PLANNED_RUNOFF_CONTROL,
    REQUIRED_STORAGE,
    RUNOFF_COEFFICIENT,
    SPONGE_STORAGE,
)
from citybraid.resilience.control_curve import ControlCurve, days, of_days, of_pairs
from citybraid.resilience.ground_cover import by_cover, raster, share
from citybraid.resilience.plots import cells_of, mean_of, plots, spread

F64 = NDArray[np.float64]
CODE: Mapping[str, int] = {name: code for code, name in COVER}
SEALED = ("paved", "road", "roof")
"""Covers that count as sealed where no facility lies on them."""
FACILITIES = ("rain_garden", "green_roof", "permeable_paving")
MM = 1000.0
TINY = 1e-12


class AnnualRunoffControlParams(Params):
    """Where the design rain comes from, and what is asked for."""

    daily_rain: Literal["published"] | None = None
    """'published' takes the region's published pairs of control rate and design rain where no record of daily rain is given; a record always wins."""  # noqa: E501  (a field's docstring is one line)
    target: float | None = Field(None, gt=0.0, lt=1.0)
    """Control rate asked for on parcels that state none; without it those have no required storage [-]."""


class AnnualRunoffControl(NamedTuple):
    """Control rate and storage, on the cells of each plot."""

    annual_runoff_control: ANNUAL_RUNOFF_CONTROL
    required_storage: REQUIRED_STORAGE
    sponge_storage: SPONGE_STORAGE
    runoff_coefficient: RUNOFF_COEFFICIENT


class Surface(NamedTuple):
    """Runoff coefficient of each cell; its sealed share, that share's runoff, and what the rest keeps of its rain."""

    coefficient: F64
    sealed: F64
    sealed_runoff: F64
    kept: F64


@model(
    version=1,
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
    parcels: Annotated[View, Table("parcels", (), optional=(PLANNED_RUNOFF_CONTROL, DETENTION_STORAGE))] | None = None,
) -> AnnualRunoffControl:
    """Find which share of the years' rain each plot keeps, by the volume method.

    A plot is a parcel, or a cell outside every parcel. Its storage W holds the rain depth
    H = W / (10 psi F) of each event; the record of days (or the published pairs) tells which share of all rain
    that is. Facilities serve the whole plot, or its sealed ground only while the rest keeps
    1 - psi of its own rain: the higher of the two counts, so ground without facilities has
    0 where sealed and 1 - psi elsewhere. Permeable paving and green roofs count in psi, not in W.
    Storage and requirement are means of the plot [mm]. Open water outside parcels has no value.
    Raises InputError where the record cannot be used, or the region has no published pairs.
    """
    curve = _curve(daily_rain, design_rain, least=threshold[""])
    plot = plots(None if parcels is None else parcels.geometry, grid=grid)
    mix = _shares(permeable_paving, rain_garden, green_roof_cover, land_cover.shape)
    found = surface(land_cover, mix, coefficient)
    inside = plot < (0 if parcels is None else len(parcels))
    counted = np.isfinite(found.coefficient) & (inside | (land_cover.to_numpy() != CODE["water"]))
    cells = cells_of(plot, counted)
    storage = mean_of(mix[0] * facility_storage["rain_garden"], plot, counted)
    asked = np.full(cells.shape, np.nan if p.target is None else p.target)
    if parcels is not None:
        area = cells * abs(grid.resolution.x * grid.resolution.y)
        storage += np.nan_to_num(spread(_column(parcels, "detention_storage"), plot)) * MM / np.maximum(area, TINY)
        stated = spread(_column(parcels, "planned_runoff_control"), plot)
        asked = np.where(np.isfinite(stated), stated, asked)
    mean = [mean_of(np.nan_to_num(each), plot, counted) for each in found]
    rate = achieved(curve, storage, Surface(*mean))
    needed = mean[0] * np.where(np.isnan(asked), np.nan, curve.depth_for(asked))
    kept, asked_for, held = (raster(np.where(counted, values, np.nan)) for values in (rate, needed, storage))
    return AnnualRunoffControl(kept, asked_for, held, raster(found.coefficient))


def achieved(curve: ControlCurve, storage: F64, mean: Surface) -> F64:
    """Return the share of rain [-] that plots keep with their storage [mm], from the means of their surface."""
    whole = curve.share_at(storage / np.maximum(mean.coefficient, TINY))
    apart = mean.sealed * curve.share_at(storage / np.maximum(mean.sealed_runoff, TINY)) + mean.kept
    return np.clip(np.maximum(whole, apart), 0.0, 1.0)


def surface(land_cover: xr.DataArray, mix: F64, coefficient: Mapping[str, float]) -> Surface:
    """Return the surface of each cell, with its facilities at their own coefficients; no value without cover."""
    bare = by_cover(land_cover, {name: coefficient[name] for _, name in COVER}, "runoff_coefficient")
    rest = 1.0 - mix.sum(axis=0)
    on_facilities = sum(part * coefficient[name] for part, name in zip(mix, FACILITIES, strict=True))
    sealed = np.where(np.isin(land_cover.to_numpy(), [CODE[name] for name in SEALED]), rest, 0.0)
    total = bare * rest + on_facilities
    return Surface(total, sealed, sealed * bare, np.clip((1.0 - sealed) - (total - sealed * bare), 0.0, 1.0))


def _curve(daily_rain: pd.Series | None, pairs: Mapping[str, float] | None, *, least: float) -> ControlCurve:
    if daily_rain is not None:
        return of_days(days(daily_rain), least=least)
    return of_pairs(pairs or {})


def _shares(paving: xr.DataArray, garden: xr.DataArray, roof: xr.DataArray | None, shape: tuple[int, ...]) -> F64:
    """Shares of the cell under FACILITIES; where they are more than the cell, all are cut alike."""
    every = np.stack([share(layer, shape) for layer in (garden, roof, paving)])
    return np.asarray(every / np.maximum(every.sum(axis=0), 1.0), dtype=np.float64)


def _column(parcels: pd.DataFrame, name: str) -> F64:
    return parcels[name].to_numpy(np.float64) if name in parcels else np.full(len(parcels), np.nan)
