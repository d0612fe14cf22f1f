"""Deaths in heat waves, averaged over all years, from waves of stated return periods."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.heat_risk import HEAT_WAVE_DEATHS
from citybraid.core.vocabulary.weather import DRY_BULB, PRESENT_DRY_BULB
from citybraid.kernels.risk.exceedance import expected_annual
from citybraid.resilience.damage.annual import AnnualParams
from citybraid.resilience.people.heat_mortality import DAYS, Floats, attributable_share, curve, residents_of


class HeatWaveParams(AnnualParams):
    """Heat waves of known return periods, from a record of many years, and the average over all years."""

    return_periods: tuple[float, ...] = Field(min_length=1, max_length=100)
    """Return periods of the waves [year], rising."""
    days: tuple[float, ...] = Field(min_length=1, max_length=100)
    """Length of each wave [day]."""
    temperatures: tuple[float, ...] = Field(min_length=1, max_length=100)
    """Mean of the daily mean air temperatures of each wave [degC]."""


class HeatWaveMortality(NamedTuple):
    """Deaths in heat waves in an average year."""

    heat_wave_deaths: HEAT_WAVE_DEATHS


@model(
    version=2,
    cite="Chen et al. (2018), BMJ 363: k4306, tables 2 and 3; Huang et al. (2015), BMJ Open 5: e009172; Gasparrini and "
    "Leone (2014), BMC Med. Res. Methodol. 14: 55, eq. 3; Meyer, Haase and Scheuer (2009), Integr. Environ. Assess. "
    "Manag. 5: 17-26, eq. 1 and 2",
    validity="One wave a year, that of the return period. No effect of a wave's length beyond its days; days outside "
    "waves are left out. Return periods come from a record of many years, never from one weather file.",
)
def heat_wave_mortality(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    dry_bulb: DRY_BULB,
    present_dry_bulb: PRESENT_DRY_BULB | None = None,
    heat_death_risk: Annotated[Factors, Fact("heat_death_risk")],
    death_rate: Annotated[Factors, Fact("death_rate")],
    p: HeatWaveParams,
) -> HeatWaveMortality:
    """Return deaths in heat waves by building, averaged over all years [person year-1].

    The study states the waves; the year of `dry_bulb`, or of today's climate where the study states another, tells
    what people are used to. Deaths of a wave are days times residents times daily death rate times 1 - 1/RR at
    its mean temperature; the average is their integral over annual probability. Raises InputError where the three
    lists differ in length, return periods do not rise from a year on, or a rarer wave is milder.
    """
    period, days, temperature = waves(p)
    used_to = dry_bulb if present_dry_bulb is None else present_dry_bulb
    share = days * attributable_share(temperature, *curve(heat_death_risk, used_to))
    if (np.diff(share) < 0.0).any():
        raise InputError("heat.wave_order", periods=period.tolist())
    annual = expected_annual(period, share[:, None], onset=p.onset, tail=p.tail, rule=p.rule)
    each = float(death_rate[""]) / DAYS * float(annual[0])
    deaths: pd.Series = residents_of(buildings) * each
    return HeatWaveMortality(deaths)


def waves(p: HeatWaveParams) -> tuple[Floats, Floats, Floats]:
    """Return rising return periods [year], lengths [day] and mean temperatures [degC] of the stated waves."""
    lists = (p.return_periods, p.days, p.temperatures)
    counts = [len(each) for each in lists]
    if len(set(counts)) > 1:
        raise InputError("heat.wave_lists", got=counts)
    period, days, temperature = (np.array(each, np.float64) for each in lists)
    if (np.diff(period) <= 0.0).any() or period[0] < 1.0 or (days < 0.0).any():
        raise InputError("heat.wave_periods", periods=period.tolist(), days=days.tolist())
    return period, days, temperature
