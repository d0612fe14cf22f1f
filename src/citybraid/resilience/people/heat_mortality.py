"""Deaths from heat in a year of the weather file, by a published curve of deaths over daily temperature."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Series, Table, View
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.heat_risk import HEAT_DEATH_DAYS, HEAT_DEATHS, LEAST_DEATHS_TEMPERATURE
from citybraid.core.vocabulary.weather import DRY_BULB, PRESENT_DRY_BULB
from citybraid.resilience.heat.summer import by_day

Floats = NDArray[np.float64]

DAYS = 365.0
LEAST = "least_deaths"
"""Key of the temperature of least deaths [degC], where a region states its own."""


class HeatMortality(NamedTuple):
    """Deaths by building, days on which heat kills, and above which temperature it does."""

    heat_deaths: HEAT_DEATHS
    heat_death_days: HEAT_DEATH_DAYS
    least_deaths_temperature: LEAST_DEATHS_TEMPERATURE


@model(
    version=2,
    cite="Chen et al. (2018), BMJ 363: k4306, tables 2 and 3; Huang et al. (2015), BMJ Open 5: e009172; Gasparrini and "
    "Leone (2014), BMC Med. Res. Methodol. 14: 55, eq. 3",
    validity="Temperature of least deaths at the centile of today's days that 272 cities of China have in the mean, "
    "2013 to 2015; log-linear growth above it as in 66 communities; ages and homes alike, people used to today's "
    "climate. Where the climate or people differ much, give the region's own rows.",
)
def heat_mortality(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    dry_bulb: DRY_BULB,
    present_dry_bulb: PRESENT_DRY_BULB | None = None,
    heat_death_risk: Annotated[Factors, Fact("heat_death_risk")],
    death_rate: Annotated[Factors, Fact("death_rate")],
) -> HeatMortality:
    """Return deaths from heat by building [person year-1], the days that cause them [day] and their threshold [degC].

    Each day above the temperature of least deaths has the attributable share 1 - 1/RR of a day's deaths, RR growing
    by `log_risk` a kelvin. Deaths of a day are residents times the yearly rate over 365. The file's air is used, not
    that between buildings: the curves are fitted to stations. Of a changed climate `present_dry_bulb` is today's air,
    to which people are used. Raises InputError where a series is no full year.
    """
    daily = by_day(dry_bulb).mean(axis=1)
    least, slope = curve(heat_death_risk, dry_bulb if present_dry_bulb is None else present_dry_bulb)
    share = float(attributable_share(daily, least, slope).sum())
    rate = float(death_rate[""]) / DAYS
    return HeatMortality(residents_of(buildings) * (rate * share), float((daily > least).sum()), least)


def curve(rows: Factors, present: Series) -> tuple[float, float]:
    """Return the temperature of least deaths [degC] and the growth of the logarithm of risk above it [1/K].

    The temperature is `least_deaths` where the region's rows state it, else the centile of the daily means of the
    hours that people are used to, 8 760 [degC]. Raises InputError where the growth is negative, the centile lies
    outside 0 to 100 % or the hours are no full year.
    """
    slope = float(rows["log_risk"])
    if slope < 0.0:
        raise InputError("heat.negative_risk", got=slope)
    if LEAST in rows:
        return float(rows[LEAST]), slope
    centile = float(rows["least_deaths_centile"])
    if not 0.0 <= centile <= 100.0:  # noqa: PLR2004  (per cent)
        raise InputError("heat.centile", got=centile)
    return float(np.percentile(by_day(present).mean(axis=1), centile)), slope


def attributable_share(temperature: Floats, least: float, slope: float) -> Floats:
    """Return the share of deaths that heat causes, 1 - 1/RR with RR = exp(slope (T - least)); 0 below `least`."""
    return np.asarray(-np.expm1(-slope * np.maximum(temperature - least, 0.0)))


def residents_of(buildings: View) -> pd.Series:
    """Return residents as numbers."""
    return pd.Series(buildings["residents"].to_numpy(np.float64), index=buildings.index)
