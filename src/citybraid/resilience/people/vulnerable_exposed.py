"""Children, elderly people and people with limited mobility in buildings flooded by an event."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.place import FLOORS
from citybraid.core.vocabulary.risk import (
    BUILDING_DEPTH,
    CHILDREN,
    CHILDREN_EXPOSED,
    ELDERLY,
    ELDERLY_EXPOSED,
    FLOOR_HEIGHT,
    LIMITED_MOBILITY,
    LIMITED_MOBILITY_EXPOSED,
    PROTECTION_HEIGHT,
)
from citybraid.resilience.people.people_exposed import PeopleExposedParams, exposed


class VulnerableExposed(NamedTuple):
    """People exposed by age and mobility."""

    children_exposed: CHILDREN_EXPOSED
    elderly_exposed: ELDERLY_EXPOSED
    limited_mobility_exposed: LIMITED_MOBILITY_EXPOSED


@model(
    version=2,
    cite="Jongman, Ward and Aerts (2012), Global Environmental Change 22: 823-835 (people where water stands)",
    validity="Night-time residents by age as the buildings tell them; no age structure is spread over buildings here.",
)
def vulnerable_exposed(
    buildings: Annotated[
        View,
        Table(
            "buildings",
            (BUILDING_DEPTH, FLOORS, CHILDREN, ELDERLY),
            (LIMITED_MOBILITY, FLOOR_HEIGHT, PROTECTION_HEIGHT),
        ),
    ],
    p: PeopleExposedParams,
) -> VulnerableExposed:
    """Return the number of children, elderly people and people with limited mobility exposed to an event.

    Counted like all residents: everyone from the depth `threshold` on, with
    `vertical_evacuation` only those on storeys that the water reaches. The groups overlap and do not add up.
    Where the buildings have no data on limited mobility, that column has no value.
    """
    mobility = "limited_mobility"
    nobody = pd.Series(np.full(len(buildings), np.nan), index=buildings.index)
    helped = exposed(buildings, mobility, p) if mobility in buildings.columns else nobody
    return VulnerableExposed(exposed(buildings, "children", p), exposed(buildings, "elderly", p), helped)
