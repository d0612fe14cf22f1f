"""What a flood leaves in buildings: people who need another home, debris, and the carbon of its disposal."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, RESIDENTS, YEAR_BUILT
from citybraid.core.vocabulary.resilience.aftermath import (
    DEBRIS_CARBON,
    FLOOD_DEBRIS,
    TEMPORARY_HOUSING,
)
from citybraid.core.vocabulary.risk import BUILDING_DEPTH, FLOOR_HEIGHT, PROTECTION_HEIGHT
from citybraid.resilience.damage.flood_damage import whole_storeys
from citybraid.resilience.damage.floor_heights import floor_heights, optional_column

Floats = NDArray[np.float64]
ROUNDING = 1e-6


class FloodedHomesParams(Params):
    """How storeys are counted."""

    storey_height: float = Field(3.0, ge=2.0, le=8.0)
    """Height of a storey for counting those that the water reaches [m]."""


class FloodedHomes(NamedTuple):
    """Temporary housing, debris and its carbon, by building."""

    temporary_housing: TEMPORARY_HOUSING
    flood_debris: FLOOD_DEBRIS
    debris_carbon: DEBRIS_CARBON


@model(
    version=2,
    cite="FEMA (2013), Hazus-MH Technical Manual: Flood Model, ch. 11 (debris by depth) and ch. 14 (displaced people)",
    validity="Buildings that stand after the flood; collapsed ones, mud and trees are not counted, nor the carbon of "
    "what replaces the debris.",
)
def flooded_homes(
    *,
    buildings: Annotated[
        View,
        Table(
            "buildings",
            (BUILDING_DEPTH, RESIDENTS, FLOORS, BUILDING_USE),
            (FLOOR_HEIGHT, YEAR_BUILT, PROTECTION_HEIGHT),
        ),
    ],
    ground_floor_height: Annotated[Factors, Fact("ground_floor_height")],
    uninhabitable_depth: Annotated[Factors, Fact("uninhabitable_depth")],
    flood_debris_mass: Annotated[Factors, Fact("flood_debris_mass")],
    debris_emission: Annotated[Factors, Fact("debris_emission")],
    debris_treatment: Annotated[Factors, Fact("debris_treatment")],
    p: FloodedHomesParams,
) -> FloodedHomes:
    """Return who needs a temporary home after an event, and the debris of each building.

    Depth counts from the ground floor (`floor_height`, else the factor's row of use and age), none where a barrier
    is as high as the water. Homes are uninhabitable on storeys where water stands `uninhabitable_depth` or more. Debris
    is the area of the wet storeys times the mass per area, `shallow` where water stands up to half a storey in one and
    `deep` above; its carbon is that of disposal, by the region's shares of landfill and burning. A building without
    depth has no value.
    Raises InputError where the shares do not add up to 1.
    """
    each_kilogram = _disposal(debris_treatment, debris_emission)
    outside = buildings["building_depth"].to_numpy(np.float64)
    barrier = np.nan_to_num(optional_column(buildings, "protection_height"), nan=-np.inf)
    inside = np.where(outside > barrier, outside - floor_heights(buildings, ground_floor_height), 0.0)
    inside = np.maximum(np.where(np.isfinite(outside), inside, 0.0), 0.0)
    storeys = whole_storeys(buildings)
    in_storey = [
        np.clip(inside - at * p.storey_height, 0.0, p.storey_height) for at in range(int(storeys.max(initial=1)))
    ]
    least = uninhabitable_depth[""]
    lost, mass = np.zeros(len(buildings)), np.zeros(len(buildings))
    for at, depth in enumerate(in_storey):
        there = at < storeys
        lost += there & (depth >= least) & (depth > 0.0)
        each = np.where(depth > 0.5 * p.storey_height, flood_debris_mass["deep"], flood_debris_mass["shallow"])
        mass += np.where(there & (depth > 0.0), each, 0.0)
    people = buildings["residents"].to_numpy(np.float64) * lost / storeys
    debris = buildings.geometry.area.to_numpy(np.float64) * mass

    def column(values: Floats) -> pd.Series:
        return pd.Series(np.where(np.isfinite(outside), values, np.nan), index=buildings.index)

    return FloodedHomes(column(people), column(debris), column(debris * each_kilogram))


def _disposal(shares: Factors, emission: Factors) -> float:
    """Return the emissions of disposing of a kilogram of debris; raises InputError where shares do not add up to 1."""
    if abs(sum(shares.values()) - 1.0) > ROUNDING:
        raise InputError("waste.share_sum", factor="debris_treatment", got=sum(shares.values()), keys=sorted(shares))
    return sum(share * emission[way] for way, share in shares.items() if share > 0.0)
