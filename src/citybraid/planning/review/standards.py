"""Standards as rows: every clause that holds for a plan, checked on its controls and indicators, or what it lacks."""

import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.rows.plan import StandardRow
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.regions import holds_in
from citybraid.planning.rows import controls
from citybraid.planning.zones import MissingQuantity, Zones

Comparison = Callable[[NDArray[np.float64], float], NDArray[np.bool_]]
COMPARISONS: Mapping[str, Comparison] = {
    "at_least": operator.ge, "at_most": operator.le, "above": operator.gt, "below": operator.lt,
}  # fmt: skip
LEAST = ("at_least", "above")
"""Comparisons of which the lowest value is the worst."""
PASSED, FAILED, UNPROVEN, NOT_COMPUTABLE, NOT_APPLICABLE = (
    "passed", "failed", "unproven", "not_computable", "not_applicable",
)  # fmt: skip
UNBUILT = "standard_needs.plan_unbuilt"
"""What is lacking where a new plot states no value and nothing is built on it yet."""
CHECKED = (PASSED, FAILED, UNPROVEN)
COLUMNS = ("standard", "state", "value", "checked", "missed", "where", "needs")


class Checked(NamedTuple):
    """A clause as checked: `value` is the worst one, `where` the parcels that miss it, `needs` what is lacking."""

    standard: str
    state: str
    value: float = np.nan
    checked: int = 0
    missed: int = 0
    where: str = ""
    needs: str = ""


@cached_with_tables
def standards() -> Mapping[str, StandardRow]:
    """Return every clause by id, in the order of the table."""
    return {row.id: row for row in read_table(StandardRow)}


def check_standards(
    parcels: Zones | None, table: pd.DataFrame | None, whole: Mapping[str, float], *, region: str, year: int,
    built: bool = True,
) -> pd.DataFrame:  # fmt: skip
    """Return a row per clause: its state, the worst value found, and the parcels that miss it.

    `table` is the control table of the parcels, `whole` the indicators of the whole area. A plot counts with its
    computed value, else with the one that the plan states; of new plots, for which alone a clause may hold, with the
    worse of both, since a plan that allows what a clause forbids breaks it whatever is built. Where the plan is not
    `built`, new plots count with the stated value alone, since what is computed is the ground before it. A clause of
    another region, of other years, or for land uses that no parcel has is not applicable; one whose value is not
    computed is not computable.
    """
    by_control = (
        None if table is None else {str(name): rows for name, rows in table.set_index("parcel").groupby("control")}
    )
    checking = _Checking(parcels, by_control, whole, region, year, built)
    rows = [_checked(row, checking) for row in standards().values()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


class _Checking(NamedTuple):
    """What clauses are checked on."""

    parcels: Zones | None
    by_control: Mapping[str, pd.DataFrame] | None
    """The control table's rows of each control, by parcel."""
    whole: Mapping[str, float]
    region: str
    year: int
    built: bool


def _checked(row: StandardRow, on: _Checking) -> Checked:
    region, year = on.region, on.year
    if not holds_in(row.region, region) or year < (row.year_from or year) or year > (row.year_to or year):
        return Checked(row.id, NOT_APPLICABLE)
    if not row.kind or row.value is None:
        return Checked(row.id, NOT_COMPUTABLE, needs=f"standard_needs.{row.needs}")
    if row.kind == "indicator":
        value = on.whole.get(row.subject, np.nan)
        return _compared(row, pd.Series({"": value}), lacking=f"indicator.{row.subject}")
    if on.parcels is None or on.by_control is None:
        return Checked(row.id, NOT_COMPUTABLE, needs="var.parcels")
    try:
        parcels = concerned(on.parcels, uses=row.uses, where=row.where)
    except MissingQuantity as fault:
        return Checked(row.id, NOT_COMPUTABLE, needs=f"var.{fault.args[0]}")
    if not parcels.any():
        return Checked(row.id, NOT_APPLICABLE)
    of_control = on.by_control[row.subject].loc[parcels[parcels].index]
    stated = pd.to_numeric(of_control["stated"])
    before = bool(row.where) and not on.built and bool(controls()[row.subject].stated)
    computed = pd.to_numeric(of_control["computed"])
    if before:
        values = stated
    elif row.where:
        worse = np.fmin if row.comparison in LEAST else np.fmax
        values = pd.Series(worse(computed.to_numpy(), stated.to_numpy()), index=computed.index)
    else:
        values = computed.fillna(stated)
    gaps = [UNBUILT] if before else of_control["needs"]
    return _compared(row, values, lacking=next((str(each) for each in gaps if each), f"control.{row.subject}"))


def concerned(parcels: Zones, *, uses: str, where: str) -> pd.Series:
    """Return which parcels a rule holds for: by land uses with all below them, and by a word in a column.

    Raises MissingQuantity where the parcels have no such column.
    """
    names = [str(name) for name in parcels.shapes.index]
    chosen = np.ones(len(names), dtype=np.bool_)
    if uses:
        codes = parcels.column("land_use", "").fillna("").astype(str)
        chosen &= codes.str.startswith(tuple(uses.split())).to_numpy(np.bool_)
    if where:
        column, _, word = where.partition(" ")
        chosen &= (parcels.column(column, "") == word).to_numpy(np.bool_)
    return pd.Series(chosen, index=names)


def _compared(row: StandardRow, values: pd.Series, *, lacking: str) -> Checked:
    known = values[np.isfinite(values.to_numpy(np.float64))]
    if known.empty or row.value is None:
        return Checked(row.id, NOT_COMPUTABLE, needs=lacking)
    numbers = known.to_numpy(np.float64)
    met = COMPARISONS[row.comparison](numbers, row.value)
    worst = numbers.min() if row.comparison in LEAST else numbers.max()
    missed = [str(name) for name in known.index[~met]]
    state = PASSED if not missed else FAILED if row.proof == "both" else UNPROVEN
    return Checked(row.id, state, float(worst), len(known), len(missed), " ".join(missed))
