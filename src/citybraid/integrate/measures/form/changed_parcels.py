"""Changed parcels: land use and controls of single parcels as an alternative draws them, in place of the plan's."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import MeasureParams, Params, measure
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.place import (
    BUILDING_DENSITY,
    FLOOR_AREA_RATIO,
    GREEN_RATIO,
    HEIGHT_LIMIT,
    LAND_USE,
    PARCEL_STATUS,
)
from citybraid.integrate.measures.siting import area_of_points, selected_units

PLANNED = "planned"
NAMED = 5
"""Unknown parcels that are named [-]."""


class ParcelChange(Params):
    """What is otherwise on a parcel; what is not given stays as it is."""

    land_use: str = Field("", pattern=r"^[0-9]{0,8}$")
    """Land-use code of the 2023 guide."""
    floor_area_ratio: float | None = Field(None, ge=0.0, le=30.0)
    """Floor area ratio [-]."""
    building_density: float | None = Field(None, ge=0.0, le=1.0)
    """Building density [-]."""
    height_limit: float | None = Field(None, ge=0.0, le=1000.0)
    """Height limit [m]."""
    green_ratio: float | None = Field(None, ge=0.0, le=1.0)
    """Green ratio [-]."""


class ChangedParcelsParams(MeasureParams):
    share: float = Field(1.0, ge=1.0, le=1.0)
    """Parcels change as a whole [-]."""
    parcels: Mapping[str, ParcelChange] = Field(min_length=1)
    """What is otherwise, by the id of the parcel: { P1 = { floor_area_ratio = 2.0, green_ratio = 0.35 } }."""


class ChangedParcels(NamedTuple):
    land_use: LAND_USE
    parcel_status: PARCEL_STATUS
    floor_area_ratio: FLOOR_AREA_RATIO
    building_density: BUILDING_DENSITY
    height_limit: HEIGHT_LIMIT
    green_ratio: GREEN_RATIO


@measure(
    version=1,
    cite="Controls of the detailed plan (land use, floor area ratio, density, height, green ratio) as a planner draws "
    "them",
    validity="States a plan and judges none: whether controls can be met together is told by the feasibility check.",
    stage="plan",
    quantity=None,
    responsible="planning authority, by the detailed plan",
    build_years=3.0,
)
def changed_parcels(
    parcels: Annotated[
        View,
        Table("parcels", (LAND_USE, PARCEL_STATUS, FLOOR_AREA_RATIO, BUILDING_DENSITY, HEIGHT_LIMIT, GREEN_RATIO)),
    ],
    p: ChangedParcelsParams,
    units: Annotated[View, Table("units", ())] | None = None,
) -> ChangedParcels:
    """Put other land uses and controls on single parcels, as if the plan's file stated them.

    A parcel that changes counts as planned, so that the built form clears it and builds it anew. All other parcels,
    and all that a change does not name, stay as they are. Where units are chosen, only parcels whose middle lies in
    one change. Raises InputError for an id that is no parcel.
    """
    if unknown := sorted(set(p.parcels) - {str(name) for name in parcels.index}):
        raise InputError("changed_parcels.unknown", ids=unknown[:NAMED], count=len(unknown))
    chosen = _chosen(parcels, units, p)
    columns: dict[str, pd.Series] = {}
    for name in ChangedParcels._fields:
        column = parcels[name].copy()
        given = {row: _given(change, name) for row, change in p.parcels.items() if row in chosen}
        for row, value in given.items():
            if value is not None:
                column.loc[row] = value
        columns[name] = column
    return ChangedParcels(**columns)


def _given(change: ParcelChange, name: str) -> object:
    """Return what a change states for a column, None where it states nothing."""
    if name == "parcel_status":
        return PLANNED
    value: object = getattr(change, name)
    return None if value == "" else value


def _chosen(parcels: gpd.GeoDataFrame, units: gpd.GeoDataFrame | None, p: ChangedParcelsParams) -> set[str]:
    if p.where is None:
        return {str(name) for name in parcels.index}
    if units is None:
        raise InputError("measure.unit_unknown", units=sorted(p.where))
    unit = area_of_points(parcels.geometry.centroid, units.geometry)
    inside: np.ndarray = selected_units(units, p.where)[unit]
    return {str(name) for name in parcels.index[inside]}
