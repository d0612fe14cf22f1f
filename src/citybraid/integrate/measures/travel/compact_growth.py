"""Compact growth: planned floor area moves from parcels far from stations to those beside them."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import MeasureParams, measure, var_of
from citybraid.core.streets.stop_kinds import kinds_of
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.travel import STOP_KIND
from citybraid.core.vocabulary.measures import MOVED_FLOOR_AREA
from citybraid.core.vocabulary.place import (
    BUILDING_DENSITY,
    FLOOR_AREA_RATIO,
    HEIGHT_LIMIT,
    LAND_USE,
    LEAST_FLOOR_AREA_RATIO,
    PARCEL_STATUS,
)
from citybraid.integrate.measures.form.plot import uses_of
from citybraid.integrate.measures.siting import area_of_points, per_unit, selected_units

Array = NDArray[np.float64]
PLANNED = "planned"
COLUMNS = (LAND_USE, PARCEL_STATUS, FLOOR_AREA_RATIO, BUILDING_DENSITY, HEIGHT_LIMIT)


class CompactGrowthParams(MeasureParams):
    distance: float = Field(500.0, gt=0.0, le=2000.0)
    """Straight distance of a parcel's middle from a station that counts as beside it [m]."""
    most_floor_area_ratio: float | None = Field(None, gt=0.0, le=30.0)
    """Largest floor area ratio beside stations; without it height limit and density alone set one [-]."""


class CompactGrowth(NamedTuple):
    floor_area_ratio: FLOOR_AREA_RATIO
    moved_floor_area: MOVED_FLOOR_AREA


@measure(
    version=1,
    cite="Calthorpe (1993), The Next American Metropolis (TOD); Chengdu, land around stations: 500 m, 800 m at hubs",
    validity="Moves floor area of the same use; schools, sunlight, traffic at the station and land value not checked.",
    stage="plan",
    quantity=MOVED_FLOOR_AREA,
    responsible="planning authority, by the detailed plan",
    build_years=3.0,
)
def compact_growth(
    parcels: Annotated[View, Table("parcels", COLUMNS, optional=(LEAST_FLOOR_AREA_RATIO,))],
    stops: Annotated[View, Table("stops", (STOP_KIND,))],
    units: Annotated[View, Table("units", (MOVED_FLOOR_AREA,))],
    use_share: Annotated[Factors, Fact("parcel_use")],
    storey_height: Annotated[Factors, Fact("storey_height")],
    p: CompactGrowthParams,
) -> CompactGrowth:
    """Move a share of the floor area of planned parcels away from stations to planned parcels of the same use at them.

    The floor area of each use is kept: parcels at stations take what density and height limit leave, in proportion,
    and the others lose as much. Only floor area ratios change; the built form follows from them.
    Raises InputError where no station is given, or a parcel beside one has no limit.
    """
    unit = area_of_points(parcels.geometry.centroid, units.geometry)
    ratio = _ratios(parcels)
    taking = (parcels["parcel_status"] == PLANNED).to_numpy() & (ratio > 0.0) & selected_units(units, p.where)[unit]
    main = _main_uses(parcels, use_share)
    near = taking & _beside(parcels, stops, p.distance)
    area = parcels.geometry.area.to_numpy()
    room = np.where(near, np.fmax(_most(parcels, main, near, storey_height, p) - ratio, 0.0) * area, 0.0)
    spare = np.where(taking & ~near, ratio * area * p.share, 0.0)
    moved = sum((_moved(room, spare, main == use) for use in sorted(set(main[taking]) - {""})), np.zeros(len(parcels)))
    after = parcels["floor_area_ratio"].astype(np.float64).where(moved == 0.0, np.fmax(ratio + moved / area, 0.0))
    return CompactGrowth(after, units["moved_floor_area"] + per_unit(units, unit, np.fmax(moved, 0.0)))


def _ratios(parcels: gpd.GeoDataFrame) -> Array:
    """Return the floor area ratio that the built form would follow: the other end of the span where it alone stands."""
    stated = parcels["floor_area_ratio"].astype(np.float64)
    if "least_floor_area_ratio" in parcels:
        stated = stated.fillna(parcels["least_floor_area_ratio"].astype(np.float64))
    return np.asarray(stated, dtype=np.float64)


def _main_uses(parcels: gpd.GeoDataFrame, use_share: Factors) -> NDArray[np.object_]:
    """Return the use with the largest share of each parcel, '' where its code has none."""
    shares = [uses_of(code, use_share) for code in parcels["land_use"]]
    return np.array([max(sorted(each), key=each.__getitem__) if each else "" for each in shares], dtype=object)


def _beside(parcels: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, distance: float) -> NDArray[np.bool_]:
    stations = stops[(kinds_of(stops) == "metro").to_numpy()]
    if stations.empty:
        raise InputError("compact_growth.no_station", stops=len(stops))
    places = shapely.union_all(shapely.centroid(stations.geometry.to_numpy()))
    away = shapely.distance(shapely.centroid(parcels.geometry.to_numpy()), places)
    return np.asarray(away <= distance, dtype=np.bool_)


def _most(
    parcels: gpd.GeoDataFrame, main: NDArray[np.object_], near: NDArray[np.bool_], storey_height: Factors,
    p: CompactGrowthParams,
) -> Array:  # fmt: skip
    """Return the largest floor area ratio of each parcel: whole storeys under the height limit times the density."""
    storey = np.array([storey_height[use] if use else np.inf for use in main])
    storeys = np.floor(parcels["height_limit"].to_numpy(np.float64) / storey + 1e-9)
    built = storeys * parcels["building_density"].to_numpy(np.float64)
    highest = var_of(FLOOR_AREA_RATIO).le
    stated = p.most_floor_area_ratio
    most: Array = np.minimum(built, highest) if stated is None else np.fmin(built, stated)
    if (unknown := near & (main != "") & np.isnan(most)).any():
        raise InputError("compact_growth.no_limit", count=int(unknown.sum()))
    return most


def _moved(room: Array, spare: Array, of_use: NDArray[np.bool_]) -> Array:
    """Return the floor area that each parcel of a use gains (above 0) or loses [m2]; the sum is 0."""
    takes, gives = np.where(of_use, room, 0.0), np.where(of_use, spare, 0.0)
    amount = min(takes.sum(), gives.sum())
    if amount == 0.0:
        return np.zeros_like(room)
    return np.asarray(amount * (takes / takes.sum() - gives / gives.sum()), dtype=np.float64)
