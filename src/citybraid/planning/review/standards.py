"""Standards as rows: every clause that holds for a plan, checked on its controls and indicators, or what it lacks."""

import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.rows.plan import StandardRow
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.zones import MissingQuantity, Zones

Comparison = Callable[[NDArray[np.float64], float], NDArray[np.bool_]]
COMPARISONS: Mapping[str, Comparison] = {
    "at_least": operator.ge, "at_most": operator.le, "above": operator.gt, "below": operator.lt,
}  # fmt: skip
PASSED, FAILED, UNPROVEN, NOT_COMPUTABLE, NOT_APPLICABLE = (
    "passed", "failed", "unproven", "not_computable", "not_applicable",
)  # fmt: skip
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
    parcels: Zones | None, controls: pd.DataFrame | None, whole: Mapping[str, float], *, region: str, year: int
) -> pd.DataFrame:
    """Return a row per clause: its state, the worst value found, and the parcels that miss it.

    `controls` is the control table of the parcels, `whole` the indicators of the whole area. A plot counts with its
    computed value, else with the one that the plan states. A clause of another region, of other years, or for land
    uses that no parcel has is not applicable; one whose value is not computed is not computable.
    """
    rows = [_checked(row, parcels, controls, whole, when=(region, year)) for row in standards().values()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _checked(
    row: StandardRow, parcels: Zones | None, controls: pd.DataFrame | None, whole: Mapping[str, float], *,
    when: tuple[str, int],
) -> Checked:  # fmt: skip
    region, year = when
    here = not row.region or region == row.region or region.startswith(f"{row.region}-")
    if not here or year < (row.year_from or year) or year > (row.year_to or year):
        return Checked(row.id, NOT_APPLICABLE)
    if not row.kind or row.value is None:
        return Checked(row.id, NOT_COMPUTABLE, needs=f"standard_needs.{row.needs}")
    if row.kind == "indicator":
        value = whole.get(row.subject, np.nan)
        return _compared(row, pd.Series({"": value}), lacking=f"indicator.{row.subject}")
    if parcels is None or controls is None:
        return Checked(row.id, NOT_COMPUTABLE, needs="var.parcels")
    try:
        asked = concerned(parcels, uses=row.uses, where=row.where)
    except MissingQuantity as fault:
        return Checked(row.id, NOT_COMPUTABLE, needs=f"var.{fault.args[0]}")
    if not asked.any():
        return Checked(row.id, NOT_APPLICABLE)
    of_control = controls[controls["control"] == row.subject].set_index("parcel")
    values = of_control["computed"].fillna(pd.to_numeric(of_control["stated"]))[asked[asked].index]
    gaps = of_control.loc[values.index, "needs"]
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
    worst = numbers.min() if row.comparison in ("at_least", "above") else numbers.max()
    missed = [str(name) for name in known.index[~met]]
    state = PASSED if not missed else FAILED if row.proof == "both" else UNPROVEN
    return Checked(row.id, state, float(worst), len(known), len(missed), " ".join(missed))
