"""Deaths from heat in a year of the weather file, by a published curve of deaths over daily temperature."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.heat_risk import HEAT_DEATH_DAYS, HEAT_DEATHS
from citybraid.core.vocabulary.weather import DRY_BULB
from citybraid.resilience.heat.summer import by_day

Floats = NDArray[np.float64]

DAYS = 365.0


class HeatMortality(NamedTuple):
    """Deaths by building, and days on which heat kills."""

    heat_deaths: HEAT_DEATHS
    heat_death_days: HEAT_DEATH_DAYS


@model(
    version=1,
    cite="Chen et al. (2018), BMJ 363: k4306, table 2; Gasparrini and Leone (2014), BMC Med. Res. Methodol. 14: 55, "
    "eq. 3",
    validity="Mean curve of 272 cities of China, 2013 to 2015, over daily mean temperature at the station, log-linear "
    "above the temperature of least deaths; ages, homes and acclimatisation alike. Where the climate or people differ "
    "much, give the region's own rows.",
)
def heat_mortality(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    dry_bulb: DRY_BULB,
    heat_death_risk: Annotated[Factors, Fact("heat_death_risk")],
    death_rate: Annotated[Factors, Fact("death_rate")],
) -> HeatMortality:
    """Return deaths from heat by building [person year-1] and the days that cause them [day].

    Each day above the temperature of least deaths has the attributable share 1 - 1/RR of a day's deaths, RR growing
    by `log_risk` a kelvin. Deaths of a day are residents times the yearly rate over 365. The file's air is used, not
    that between buildings: the curves are fitted to stations. Raises InputError where the series is no full year.
    """
    daily = by_day(dry_bulb).mean(axis=1)
    least, slope = curve(heat_death_risk)
    share = float(attributable_share(daily, least, slope).sum())
    rate = float(death_rate[""]) / DAYS
    return HeatMortality(residents_of(buildings) * (rate * share), float((daily > least).sum()))


def curve(rows: Factors) -> tuple[float, float]:
    """Return the temperature of least deaths [degC] and the growth of the logarithm of risk above it [1/K].

    Raises InputError where the growth is negative.
    """
    least, slope = float(rows["least_deaths"]), float(rows["log_risk"])
    if slope < 0.0:
        raise InputError("heat.negative_risk", got=slope)
    return least, slope


def attributable_share(temperature: Floats, least: float, slope: float) -> Floats:
    """Return the share of deaths that heat causes, 1 - 1/RR with RR = exp(slope (T - least)); 0 below `least`."""
    return np.asarray(-np.expm1(-slope * np.maximum(temperature - least, 0.0)))


def residents_of(buildings: View) -> pd.Series:
    """Return residents as numbers."""
    return pd.Series(buildings["residents"].to_numpy(np.float64), index=buildings.index)
