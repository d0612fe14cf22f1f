"""Dry floodproofing: barriers at doors and windows and sealed walls keep water out up to a depth."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import PROTECTED_WALL_LENGTH
from citybraid.core.vocabulary.place import BUILDING_USE, LAND_USE
from citybraid.core.vocabulary.risk import PROTECTION_HEIGHT
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.integrate.measures.lowest_first import ground_at, lowest_first
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units, use_share


class PropertyProtectionParams(MeasureParams):
    height: float | None = Field(None, gt=0.0, le=3.0)
    """Depth outside that is held back; the factor flood_barrier_height without it [m]."""


class PropertyProtection(NamedTuple):
    protection_height: PROTECTION_HEIGHT
    protected_wall_length: PROTECTED_WALL_LENGTH


@measure(
    version=1,
    cite="FEMA P-312 (2014), Homeowner's Guide to Retrofitting, ch. 7 (dry floodproofing)",
    validity="Solid walls, water that stands for hours, barriers set in time: strength, seepage and sewers are not "
    "checked.",
    stage="equipment",
    quantity=PROTECTED_WALL_LENGTH,
    responsible="building owner; property management",
    build_years=0.5,
)
def property_protection(
    *,
    buildings: Annotated[View, Table("buildings", (BUILDING_USE,), (PROTECTION_HEIGHT,))],
    units: Annotated[View, Table("units", (PROTECTED_WALL_LENGTH,))],
    terrain: TERRAIN,
    uses: Annotated[Factors, Fact("flood_proofing_use")],
    height: Annotated[Factors, Fact("flood_barrier_height")],
    site: Annotated[Factors, Fact("measure_site")],
    grid: GeoBox,
    p: PropertyProtectionParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> PropertyProtection:
    """Keep water out of buildings up to a depth outside, those on the lowest ground first.

    May go on buildings of solid uses outside heritage and military land whose protection is lower. Counted is their
    outer wall. With a share below 1 each unit protects its lowest-lying
    buildings up to that share of the fitting wall length. Deeper water comes in as if there were no barrier.
    """
    centre = buildings.geometry.centroid
    unit = area_of_points(centre, units.geometry)
    target = p.height or height[""]
    stated = "protection_height" in buildings
    old = np.asarray(buildings["protection_height"], dtype=np.float64) if stated else np.full(len(buildings), np.nan)
    fit = (np.nan_to_num(old) < target) & (use_share(buildings["building_use"], uses) > 0.0)
    fit &= building_share(buildings, parcels, site=site, measure="property_protection") > 0.0
    fit &= selected_units(units, p.where)[unit]
    wall = buildings.geometry.length.to_numpy(np.float64)
    level = ground_at(centre, terrain, grid=grid)
    protected = lowest_first(np.where(fit, unit, -1), level=level, amount=wall, share=p.share)
    return PropertyProtection(
        pd.Series(np.where(protected, target, old), index=buildings.index),
        units["protected_wall_length"] + per_unit(units, unit, np.where(protected, wall, 0.0)),
    )
