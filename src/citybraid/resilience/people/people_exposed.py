"""Residents of buildings flooded by an event."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.place import FLOORS, RESIDENTS
from citybraid.core.vocabulary.risk import BUILDING_DEPTH, FLOOR_HEIGHT, PEOPLE_EXPOSED, PROTECTION_HEIGHT


class PeopleExposedParams(Params):
    """Who counts as exposed."""

    threshold: float = Field(0.15, ge=0.0, le=3.0)
    """Depth at the building from which on its people count as exposed [m]."""
    vertical_evacuation: bool = False
    """Whether residents above the water count as safe in their homes; if not, the whole building counts."""
    storey_height: float = Field(3.0, ge=2.0, le=8.0)
    """Height of a storey for counting those that the water reaches [m]."""


class PeopleExposed(NamedTuple):
    """People exposed in buildings."""

    people_exposed: PEOPLE_EXPOSED


@model(
    version=2,
    cite="Jongman, Ward and Aerts (2012), Global Environmental Change 22: 823-835 (people where water stands)",
    validity="Night-time residents, evenly spread over storeys; people at work, at school or on the way are left out.",
)
def people_exposed(
    buildings: Annotated[
        View, Table("buildings", (BUILDING_DEPTH, RESIDENTS, FLOORS), (FLOOR_HEIGHT, PROTECTION_HEIGHT))
    ],
    p: PeopleExposedParams,
) -> PeopleExposed:
    """Return the number of residents of each building exposed to an event.

    All residents are exposed where the depth reaches `threshold`, since a flooded ground
    floor disables power, lifts and entrances of the whole building; none where a stated ground floor
    (`floor_height`) or a barrier (`protection_height`) is as high as the water. With
    `vertical_evacuation` only those on storeys that the water reaches count: the share
    ceil(depth / storey height) / storeys. Buildings without depth have no value.
    """
    return PeopleExposed(exposed(buildings, "residents", p))


def exposed(buildings: View, people: str, p: PeopleExposedParams) -> pd.Series:
    """Return the number of exposed people of a column, spread over storeys like all residents."""
    depth = buildings["building_depth"].to_numpy(np.float64)
    count = buildings[people].to_numpy(np.float64)
    storeys = np.maximum(np.nan_to_num(np.ceil(buildings["floors"].to_numpy(np.float64)), nan=1.0), 1.0)
    wet = np.nan_to_num(depth, nan=0.0)
    flooded = (wet >= p.threshold) & (wet > 0.0)
    for name in ("floor_height", "protection_height"):
        if name in buildings.columns:
            flooded &= wet > np.nan_to_num(buildings[name].to_numpy(np.float64), nan=-np.inf)
    share = np.ones_like(wet)
    if p.vertical_evacuation:
        share = np.minimum(np.ceil(wet / p.storey_height) / storeys, 1.0)
    affected = np.where(flooded, count * share, np.where(np.isfinite(count), 0.0, np.nan))
    return pd.Series(np.where(np.isfinite(depth), affected, np.nan), index=buildings.index)
