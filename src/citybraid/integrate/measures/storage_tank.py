"""Rain tanks and basins on parcels: the storage required by a control rate less the existing storage."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import TANK_VOLUME
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import LAND_COVER, PERMEABLE_PAVING, RAIN_GARDEN
from citybraid.core.vocabulary.water import DETENTION_STORAGE, PLANNED_RUNOFF_CONTROL
from citybraid.integrate.measures.design_runoff import coefficient_of
from citybraid.integrate.measures.siting import area_of_cells, area_of_points, cell_area, per_unit, rule, selected_units

Floats = NDArray[np.float64]
MM_PER_M = 1000.0
PERCENT = 100.0


class StorageTankParams(MeasureParams):
    rate: float | None = Field(None, gt=0.0, lt=1.0)
    """Annual runoff control rate asked for on parcels that state none; without it those get no tank [-]."""


class StorageTank(NamedTuple):
    detention_storage: DETENTION_STORAGE
    tank_volume: TANK_VOLUME


@measure(
    version=1,
    cite="Technical Guide for Sponge City Construction (MOHURD, 2014): W = 10 psi H F",
    validity="Parcels with room for a tank and runoff that reaches it: depth, pumps, and pipes to it are not checked.",
    stage="equipment",
    quantity=TANK_VOLUME,
    responsible="developer; land owner",
    build_years=1.0,
)
def storage_tank(
    *,
    land_cover: LAND_COVER,
    permeable_paving: PERMEABLE_PAVING,
    rain_garden: RAIN_GARDEN,
    parcels: Annotated[View, Table("parcels", (LAND_USE,), (PLANNED_RUNOFF_CONTROL, DETENTION_STORAGE))],
    units: Annotated[View, Table("units", (TANK_VOLUME,))],
    coefficient: Annotated[Factors, Fact("runoff_coefficient")],
    facility_storage: Annotated[Factors, Fact("facility_storage")],
    pairs: Annotated[Factors, Fact("sponge_design_rain")],
    site: Annotated[Factors, Fact("measure_site")],
    grid: GeoBox,
    p: StorageTankParams,
) -> StorageTank:
    """Give parcels the storage W = 10 psi H F [m³, F in hectares] less what their tanks and rain gardens hold.

    May go on built-up parcels outside military and heritage land. H is the design rain of the
    rate that the parcel states, or else of the parameter's, by the region's pairs of control rate and design rain,
    linear between them. A parcel for which no rate is asked, or one beyond the pairs, gets none. A share
    below 1 brings that share of what is lacking.
    """
    at = area_of_cells(parcels.geometry, grid=grid)
    garden, paving = (np.nan_to_num(np.asarray(each, dtype=np.float64)) for each in (rain_garden, permeable_paving))
    spare = np.clip(1.0 - garden - paving, 0.0, 1.0)
    psi = coefficient_of(land_cover.values, coefficient) * spare
    psi += coefficient["rain_garden"] * garden + coefficient["permeable_paving"] * paving
    runoff = _sums(psi, at, count=len(parcels)) * cell_area(grid) / MM_PER_M
    gardens = _sums(garden * facility_storage["rain_garden"], at, count=len(parcels)) * cell_area(grid) / MM_PER_M
    storage = _column(parcels, "detention_storage")
    lacking = np.nan_to_num(
        runoff * _design_rain(parcels, pairs, default_rate=p.rate) - gardens - np.nan_to_num(storage)
    )
    unit = area_of_points(parcels.geometry.representative_point(), units.geometry)
    allowed = [rule(site, "storage_tank", code if isinstance(code, str) else "") > 0.0 for code in parcels["land_use"]]
    fit = np.array(allowed, dtype=np.bool_) & selected_units(units, p.where)[unit]
    built = np.where(fit, np.maximum(lacking, 0.0), 0.0) * p.share
    return StorageTank(
        pd.Series(np.where(built > 0.0, np.nan_to_num(storage) + built, storage), index=parcels.index),
        units["tank_volume"] + per_unit(units, unit, built),
    )


def _design_rain(parcels: View, pairs: Mapping[str, float], *, default_rate: float | None) -> Floats:
    """Return each parcel's design rain [mm]; none where no rate is required, or one beyond the published pairs."""
    known = sorted((float(key) / PERCENT, value) for key, value in pairs.items())
    rate = _column(parcels, "planned_runoff_control")
    rate = np.where(np.isfinite(rate), rate, np.nan if default_rate is None else default_rate)
    share, depth = (np.append(0.0, column) for column in np.array(known).T)
    return np.asarray(np.interp(rate, share, depth, right=np.nan), dtype=np.float64)


def _sums(values: Floats, at: NDArray[np.int64], *, count: int) -> Floats:
    counted = (at >= 0) & np.isfinite(values)
    return np.asarray(np.bincount(at[counted], weights=values[counted], minlength=count), dtype=np.float64)


def _column(parcels: View, name: str) -> Floats:
    if name not in parcels:
        return np.full(len(parcels), np.nan)
    return np.asarray(parcels[name], dtype=np.float64)
