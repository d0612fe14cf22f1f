"""Deaths in heat waves, averaged over all years, from waves of stated return periods."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.heat_risk import HEAT_WAVE_DEATHS
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.kernels.risk.exceedance import expected_annual
from citybraid.resilience.damage.annual import AnnualParams
from citybraid.resilience.people.heat_mortality import DAYS, Floats, attributable_share, curve, residents_of

PARTS = ("days", "temperature")


class HeatWaveMortality(NamedTuple):
    """Deaths in heat waves in an average year."""

    heat_wave_deaths: HEAT_WAVE_DEATHS


@model(
    version=1,
    cite="Chen et al. (2018), BMJ 363: k4306, table 2; Gasparrini and Leone (2014), BMC Med. Res. Methodol. 14: 55, eq. 3; "
    "Meyer, Haase and Scheuer (2009), Integr. Environ. Assess. Manag. 5: 17-26, eq. 1 and 2",
    validity="One wave a year, that of the return period. No effect of a wave's length beyond its days; days outside "
    "waves are left out. Return periods come from a record of many years, never from one weather file.",
)
def heat_wave_mortality(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    heat_wave: Annotated[Factors, Fact("heat_wave")],
    heat_death_risk: Annotated[Factors, Fact("heat_death_risk")],
    death_rate: Annotated[Factors, Fact("death_rate")],
    p: AnnualParams,
) -> HeatWaveMortality:
    """Return deaths in heat waves by building, averaged over all years [person year-1].

    The study states waves as factor rows `heat_wave`: keys `<return period>/days` and `<return period>/temperature`,
    the mean of daily means. Deaths of a wave are days times residents times daily death rate times 1 - 1/RR; the
    average is their integral over annual probability. Raises InputError where a row lacks its pair, a return period
    is no number of at least a year, or rarer waves are not at least as deadly.
    """
    period, days, temperature = waves(heat_wave)
    share = days * attributable_share(temperature, *curve(heat_death_risk))
    if (np.diff(share) < 0.0).any():
        raise InputError("heat.wave_order", periods=period.tolist())
    annual = expected_annual(period, share[:, None], onset=p.onset, tail=p.tail, rule=p.rule)
    each = float(death_rate[""]) / DAYS * float(annual[0])
    deaths: pd.Series = residents_of(buildings) * each
    return HeatWaveMortality(deaths)


def waves(rows: Factors) -> tuple[Floats, Floats, Floats]:
    """Return rising return periods [year], lengths [day] and mean temperatures [degC] of the stated waves."""
    named: dict[str, set[str]] = {}
    for key in rows:
        period, _, part = key.rpartition("/")
        named.setdefault(period, set()).add(part)
    for period, parts in named.items():
        if parts != set(PARTS) or not _years(period) >= 1.0:
            raise InputError("heat.wave_rows", period=period or "-", got=sorted(parts), needs=list(PARTS))
    ordered = sorted(named, key=_years)
    days, temperature = (np.array([rows[f"{each}/{part}"] for each in ordered], np.float64) for part in PARTS)
    return np.array([_years(each) for each in ordered], np.float64), days, temperature


def _years(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
