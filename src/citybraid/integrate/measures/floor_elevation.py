"""Raised ground floors: of new buildings, or of existing low houses."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.spread import stated_or_of_use
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import RAISED_FLOOR_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.core.vocabulary.risk import FLOOR_HEIGHT
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.integrate.measures.lowest_first import ground_at, lowest_first
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units, use_share


class FloorElevationParams(MeasureParams):
    height: float | None = Field(None, gt=0.0, le=5.0)
    """Ground floor above the ground outside after the measure; the factor floor_elevation_height without it [m]."""
    new_from: float | None = Field(None, ge=1000.0, le=2200.0)
    """Year from which on buildings are new and may have any number of storeys; older ones only few [year]."""


class FloorElevation(NamedTuple):
    floor_height: FLOOR_HEIGHT
    raised_floor_area: RAISED_FLOOR_AREA


@measure(
    version=2,
    cite="FEMA P-312 (2014), Homeowner's Guide to Retrofitting, ch. 5 (elevation)",
    validity="Houses that can be lifted or built higher: structure, ramps, cellars and consent are not checked.",
    stage="ground",
    quantity=RAISED_FLOOR_AREA,
    responsible="building owner; developer",
    build_years=1.0,
)
def floor_elevation(
    *,
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOORS), (FLOOR_HEIGHT, YEAR_BUILT))],
    units: Annotated[View, Table("units", (RAISED_FLOOR_AREA,))],
    terrain: TERRAIN,
    uses: Annotated[Factors, Fact("flood_proofing_use")],
    storeys: Annotated[Factors, Fact("floor_elevation_storeys")],
    height: Annotated[Factors, Fact("floor_elevation_height")],
    ground_floor_height: Annotated[Factors, Fact("ground_floor_height")],
    site: Annotated[Factors, Fact("measure_site")],
    grid: GeoBox,
    p: FloorElevationParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> FloorElevation:
    """Raise ground floors to a height above the ground outside, those on the lowest ground first.

    May go on buildings of solid uses outside heritage and military land: new ones, and older ones of few storeys.
    Floors that are higher stay; floors of unknown height are those of the factor row of their use and year, as in
    damage. With a share below 1 each
    unit raises its lowest-lying buildings up to that share of the fitting footprint.
    """
    centre = buildings.geometry.centroid
    unit = area_of_points(centre, units.geometry)
    target = p.height or height[""]
    old = _column(buildings, "floor_height")
    year = _column(buildings, "year_built")
    floor = stated_or_of_use(
        old, ground_floor_height, factor="ground_floor_height", uses=buildings["building_use"].astype(str), years=year
    )
    new = year >= (np.inf if p.new_from is None else p.new_from)
    fit = (floor < target) & (new | (buildings["floors"].to_numpy(np.float64) <= storeys[""]))
    fit &= use_share(buildings["building_use"], uses) > 0.0
    fit &= building_share(buildings, parcels, site=site, measure="floor_elevation") > 0.0
    fit &= selected_units(units, p.where)[unit]
    area = buildings.geometry.area.to_numpy(np.float64)
    level = ground_at(centre, terrain, grid=grid)
    raised = lowest_first(np.where(fit, unit, -1), level=level, amount=area, share=p.share)
    return FloorElevation(
        pd.Series(np.where(raised, target, old), index=buildings.index),
        units["raised_floor_area"] + per_unit(units, unit, np.where(raised, area, 0.0)),
    )


def _column(buildings: View, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if name not in buildings:
        return np.full(len(buildings), np.nan)
    return np.asarray(buildings[name], dtype=np.float64)
