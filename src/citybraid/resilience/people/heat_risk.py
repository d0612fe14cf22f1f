"""People in heat outdoors: person-hours above limits of UTCI on the hottest day, by home and by hour."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.heat import HOURLY_UTCI
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.heat_risk import (
    CHILDREN_HEAT_PERSON_HOURS,
    ELDERLY_HEAT_PERSON_HOURS,
    EXTREME_HEAT_PERSON_HOURS,
    PEOPLE_IN_EXTREME_HEAT,
    PEOPLE_IN_STRONG_HEAT,
    PEOPLE_IN_VERY_STRONG_HEAT,
    STRONG_HEAT_PERSON_HOURS,
    VERY_STRONG_HEAT_PERSON_HOURS,
)
from citybraid.core.vocabulary.risk import CHILDREN, ELDERLY

F64 = NDArray[np.float64]

LEVELS = ("strong", "very_strong", "extreme")
"""Classes of heat stress, the mildest first."""


class HeatRiskParams(Params):
    """Where people of a home are outdoors."""

    reach: float = Field(50.0, ge=0.0, le=1000.0)
    """Distance from the building within which its residents are outdoors [m]."""


class HeatRisk(NamedTuple):
    """Person-hours by building, and people by hour."""

    strong_heat_person_hours: STRONG_HEAT_PERSON_HOURS
    very_strong_heat_person_hours: VERY_STRONG_HEAT_PERSON_HOURS
    extreme_heat_person_hours: EXTREME_HEAT_PERSON_HOURS
    elderly_heat_person_hours: ELDERLY_HEAT_PERSON_HOURS
    children_heat_person_hours: CHILDREN_HEAT_PERSON_HOURS
    people_in_strong_heat: PEOPLE_IN_STRONG_HEAT
    people_in_very_strong_heat: PEOPLE_IN_VERY_STRONG_HEAT
    people_in_extreme_heat: PEOPLE_IN_EXTREME_HEAT


@model(
    version=1,
    cite="Bröde et al. (2012), Int. J. Biometeorol. 56: 481-494, table 4; Jendritzky, de Dear and Havenith (2012), "
    "Int. J. Biometeorol. 56: 421-428",
    validity="Exposure if everyone stood outdoors by their home all day: who is indoors, at work or in cooled rooms is "
    "not told apart. The mean of what lies around a home; sun and shade within it are averaged.",
)
def heat_risk(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,), (CHILDREN, ELDERLY))],
    hourly_utci: HOURLY_UTCI,
    heat_stress_limit: Annotated[Factors, Fact("heat_stress_limit")],
    p: HeatRiskParams,
) -> HeatRisk:
    """Return person-hours of heat stress by building [person h] and people in it by hour [person].

    A home's UTCI is the mean of the field within `reach` of the building. Old people and children count from very
    strong stress on; where no column tells their number, theirs has no value, nor have buildings without a field in
    reach. Raises InputError where the limits do not rise.
    """
    limits = np.array([heat_stress_limit[level] for level in LEVELS])
    if not (np.diff(limits) > 0.0).all():
        raise InputError("heat.limits_order", limits=[float(each) for each in limits])
    felt = felt_by_home(hourly_utci, buildings, reach=p.reach)
    known = np.isfinite(felt).all(axis=1)
    above = [felt >= limit for limit in limits]
    hours = np.stack([each.sum(axis=1).astype(np.float64) for each in above])
    hours[:, ~known] = np.nan

    def person_hours(people: str, level: str) -> pd.Series:
        if people not in buildings.columns:
            return pd.Series(np.nan, index=buildings.index)
        count = buildings[people].to_numpy(np.float64)
        return pd.Series(count * hours[LEVELS.index(level)], index=buildings.index)

    residents = np.nan_to_num(buildings["residents"].to_numpy(np.float64))
    clock = pd.Index(np.arange(felt.shape[1], dtype=np.float64))
    strong, very_strong, extreme = (pd.Series(residents @ each, index=clock) for each in above)
    return HeatRisk(
        strong_heat_person_hours=person_hours("residents", "strong"),
        very_strong_heat_person_hours=person_hours("residents", "very_strong"),
        extreme_heat_person_hours=person_hours("residents", "extreme"),
        elderly_heat_person_hours=person_hours("elderly", "very_strong"),
        children_heat_person_hours=person_hours("children", "very_strong"),
        people_in_strong_heat=strong, people_in_very_strong_heat=very_strong, people_in_extreme_heat=extreme,
    )  # fmt: skip


def felt_by_home(field: xr.DataArray, buildings: View, *, reach: float) -> F64:
    """Return the mean of a field (buildings, hours) over the middles of its cells in reach; NaN where there is none."""
    x, y = np.meshgrid(field["x"].to_numpy(), field["y"].to_numpy())
    values = field.to_numpy().astype(np.float64).reshape(field.sizes["time"], -1)
    there = np.isfinite(values).all(axis=0)
    tree = shapely.STRtree(shapely.points(x.ravel()[there], y.ravel()[there]))
    home, cell = tree.query(buildings.geometry.to_numpy(), predicate="dwithin", distance=reach)
    count = np.bincount(home, minlength=len(buildings)).astype(np.float64)
    sums = np.stack([np.bincount(home, hour[there][cell], minlength=len(buildings)) for hour in values], axis=1)
    mean = np.full(sums.shape, np.nan)
    np.divide(sums, count[:, None], out=mean, where=count[:, None] > 0.0)
    return mean
