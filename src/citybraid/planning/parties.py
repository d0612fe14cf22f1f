"""Who pays for measures and who gains by them: yearly money by party."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.plan import Gainer, Payer
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.appraisal import ROUNDING
from citybraid.planning.rows import yearly_losses

UNSTATED = "unstated"
"""Party of a measure or loss that no row and no study names."""
COLUMNS = ("party", "annual_cost", "annual_benefit", "net")


@cached_with_tables
def payers() -> Mapping[str, str]:
    """Return the party that pays for each measure, where a study does not say."""
    return {row.measure: row.party for row in read_table(Payer)}


@cached_with_tables
def gainers() -> Mapping[str, str]:
    """Return the party that each yearly loss falls on."""
    return {row.indicator: row.party for row in read_table(Gainer)}


def by_party(
    costs: Mapping[str, float], avoided: Mapping[str, float], stated: Mapping[str, Mapping[Any, float]]
) -> pd.DataFrame:
    """Return a row per party: what it pays and gains a year, and the difference; the whole area last.

    `costs` are yearly costs by measure, `avoided` yearly losses that are avoided, by indicator, both in the currency of
    the study; `stated` the shares of parties in a measure's cost, where they are not those of the rows.
    """
    pays: dict[str, float] = {}
    gains: dict[str, float] = {}
    for name, cost in costs.items():
        for party, share in stated.get(name, {payers().get(name, UNSTATED): 1.0}).items():
            pays[party] = pays.get(party, 0.0) + share * cost
    for name, amount in avoided.items():
        party = gainers().get(name, UNSTATED)
        gains[party] = gains.get(party, 0.0) + amount
    rows = [
        (party, pays.get(party, 0.0), gains.get(party, 0.0), gains.get(party, 0.0) - pays.get(party, 0.0))
        for party in sorted({*pays, *gains})
    ]
    paid, gained = sum(pays.values()), sum(gains.values())
    rows.append((WHOLE_AREA, paid, gained, gained - paid))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def avoided_by_zone(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return by how much each yearly loss falls in each zone and the whole area [currency of the study a year]."""
    known = {name: unit for name, unit in yearly_losses().items() if name in before and name in after}
    falls = {name: before[name] - after[name] for name in known}
    told = {name: fall.mask(fall.abs() <= ROUNDING * before[name].abs(), 0.0) for name, fall in falls.items()}
    return pd.DataFrame({name: known[name] * fall for name, fall in told.items()}, index=before.index)
