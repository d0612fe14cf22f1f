"""Who pays for measures and who gains by them: yearly money by party."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.plan import Gainer, Payer, PayerByLaw
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.appraisal import ROUNDING
from citybraid.planning.regions import holds_in
from citybraid.planning.rows import yearly_losses

UNSTATED = "unstated"
"""Party of a measure or loss that no row and no study names."""
JOINT = "joint"
"""Government and owners together, by shares that the law leaves open."""
ASSUMED = "assumed"
"""Status of a row that rests on no source."""
COLUMNS = ("party", "annual_cost", "annual_benefit", "net", "cost_assumed", "benefit_assumed")


@cached_with_tables
def payers() -> Mapping[str, str]:
    """Return the party that pays for measures of each responsible body, where a study does not say."""
    return {row.responsible: row.party for row in read_table(Payer)}


@cached_with_tables
def gainers() -> Mapping[str, str]:
    """Return the party that each yearly loss falls on."""
    return {row.indicator: row.party for row in read_table(Gainer)}


def first_responsible(bodies: str) -> str:
    """Return the first of the bodies that a measure names as responsible."""
    return re.split("[;,]", bodies)[0].strip()


def by_party(
    costs: Mapping[str, float], avoided: Mapping[str, float], stated: Mapping[str, Mapping[Any, float]],
    responsible: Mapping[str, str], *, region: str = "",
) -> pd.DataFrame:  # fmt: skip
    """Return a row per party: what it pays and gains a year, and the difference; the whole area last.

    `costs` are yearly costs by measure, `avoided` yearly losses that are avoided, by indicator, both in the currency of
    the study; `stated` the shares of parties in a measure's cost, where it is not paid by the party that the law of the
    `region` names, or else by the first of the bodies that are `responsible` for it, by measure.
    `cost_assumed` and `benefit_assumed` are the money of `annual_cost` and `annual_benefit` that is a party's by an
    assumed row, or by none, and not by what the study or the law states; so is what the law has several pay together.
    Where no yearly loss is `avoided` that is computed, gains and differences are NaN: not counted, and not nothing.
    """
    law = _by_law(region)
    columns = {name: dict[str, float]() for name in ("cost", "benefit", "cost_assumed", "benefit_assumed")}

    def add(column: str, party: str, amount: float) -> None:
        columns[column][party] = columns[column].get(party, 0.0) + amount

    for name, cost in costs.items():
        body = first_responsible(responsible.get(name, ""))
        by_row = law.get(name, payers().get(body, UNSTATED))
        open_ = name not in stated and (by_row == JOINT or (name not in law and _assumed(_payer_rows(), body)))
        for party, share in stated.get(name, {by_row: 1.0}).items():
            add("cost", party, share * cost)
            add("cost_assumed", party, share * cost if open_ else 0.0)
    for name, amount in avoided.items():
        party = gainers().get(name, UNSTATED)
        add("benefit", party, amount)
        add("benefit_assumed", party, amount if _gain_assumed(name, region) else 0.0)
    table = pd.DataFrame(columns, index=sorted({*columns["cost"], *columns["benefit"]}), dtype=float).fillna(0.0)
    table.loc[WHOLE_AREA] = table.sum()
    if not avoided:
        table["benefit"] = np.nan
    table["net"] = table["benefit"] - table["cost"]
    named = table.rename(columns={"cost": "annual_cost", "benefit": "annual_benefit"})
    return named.rename_axis("party").reset_index()[list(COLUMNS)]


def _by_law(region: str) -> Mapping[str, str]:
    """Return the parties that the law of a region names, by measure."""
    return {row.measure: row.party for row in read_table(PayerByLaw) if holds_in(row.region, region)}


@cached_with_tables
def _payer_rows() -> Mapping[str, str]:
    """Return the status of each row of payers."""
    return {row.responsible: row.status for row in read_table(Payer)}


def _gain_assumed(name: str, region: str) -> bool:
    """Tell whether it is assumed whom a loss falls on: by its row, or where the law of its row does not hold."""
    row = next((each for each in read_table(Gainer) if each.indicator == name), None)
    return row is None or row.status == ASSUMED or not (row.region and holds_in(row.region, region))


def _assumed(statuses: Mapping[str, str], name: str) -> bool:
    return statuses.get(name, ASSUMED) == ASSUMED


def avoided_by_zone(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return by how much each yearly loss falls in each zone and the whole area [currency of the study a year]."""
    known = {name: unit for name, unit in yearly_losses().items() if name in before and name in after}
    falls = {name: before[name] - after[name] for name in known}
    falls_left = {name: fall.mask(fall.abs() <= ROUNDING * before[name].abs(), 0.0) for name, fall in falls.items()}
    return pd.DataFrame({name: known[name] * fall for name, fall in falls_left.items()}, index=before.index)
