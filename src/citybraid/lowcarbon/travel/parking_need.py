"""Parking spaces that the floor area of buildings asks for."""

from typing import Annotated, NamedTuple

import pandas as pd

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.travel import PARKING_NEED
from citybraid.core.vocabulary.place import BUILDING_USE, FLOOR_AREA


class ParkingNeed(NamedTuple):
    parking_need: PARKING_NEED


@model(
    version=1,
    cite="Municipal planning rules of China: least parking spaces by 100 m2 of floor area and use",
    validity="Uses whose norm refers to floor area; schools, theatres and stations, counted by pupils, seats or "
    "passengers, have no value. Each city has its own norm: give it as rows of the factor parking_norm.",
)
def parking_need(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOOR_AREA))],
    norm: Annotated[Factors, Fact("parking_norm")],
) -> ParkingNeed:
    """Return the least number of car parking spaces of each building: floor area times the norm of its use [1].

    A building of a use without norm, or of unknown floor area, has no value.
    """
    per_area = buildings["building_use"].astype(str).map(pd.Series(norm, dtype=float))
    return ParkingNeed(buildings["floor_area"].astype(float) * per_area)
