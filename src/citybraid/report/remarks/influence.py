"""Factors whose source is to be confirmed: how many rows stand behind each indicator, and how much they matter."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from citybraid.core.rows.plan import FactorInfluence
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.report.chapter import Column, Table, TextList, cells, words
from citybraid.report.remarks.basis import SURE, UNSURE, Basis, basis_of_indicator
from citybraid.report.view import View, named

PRINTED = 20
"""Rows of the table in documents."""


@cached_with_tables
def _changes() -> Mapping[tuple[str, str], float]:
    return {(row.indicator, row.factor): row.change for row in read_table(FactorInfluence)}


def influence_table(view: View, shown: Iterable[str]) -> Table | None:
    """Return the factors behind some indicators whose source is to be confirmed, the most influential first."""
    frame = pd.DataFrame(row for name in shown for row in _rows(view, name))
    if frame.empty:
        return None
    frame = frame.sort_values("change", ascending=False, kind="stable", na_position="last", ignore_index=True)
    frame["indicator"] = cells(named("indicator", str(name)) for name in frame["indicator"])
    frame["factor"] = cells(named("factor", str(name)) for name in frame["factor"])
    columns = [
        Column("indicator", words("plan.indicator")), Column("factor", words("method.factor")),
        Column("change", words("method.influence"), "%", 2), Column("count", words("method.unconfirmed_rows"), "", 0),
        Column("status", words("method.status")),
    ]  # fmt: skip
    title, note = words("method.influences"), words("method.influences_note")
    return Table("influences", title, frame, columns, note, most=2 * PRINTED, printed=PRINTED)


def _rows(view: View, indicator: str) -> Iterator[dict[str, object]]:
    """Yield a row for each factor with unconfirmed rows behind an indicator."""
    statuses: dict[str, Counter[str]] = {}
    for row in basis_of_indicator(view, indicator).rows.values():
        if row.status in UNSURE:
            statuses.setdefault(row.factor, Counter())[row.status] += 1
    for factor, counts in statuses.items():
        yield {
            "indicator": indicator, "factor": factor, "change": _changes().get((indicator, factor), math.nan),
            "count": sum(counts.values()), "status": TextList(tuple(named("status", name) for name in counts), ", "),
        }  # fmt: skip


def basis_table(view: View, shown: Iterable[str]) -> Table | None:
    """Return factor rows by status for each indicator, and the most that one factor to be confirmed changes it."""
    statuses = (*SURE, *UNSURE)
    rows = []
    for name in shown:
        basis = basis_of_indicator(view, name)
        counts = Counter(row.status for row in basis.rows.values())
        share = 100.0 * basis.unsure / len(basis.rows) if basis.rows else math.nan
        rows.append({"indicator": name, **{one: counts[one] for one in statuses}, "share": share,
                     "most": _most(name, basis)})  # fmt: skip
    if not rows:
        return None
    frame = pd.DataFrame(rows)
    frame["indicator"] = cells(named("indicator", str(name)) for name in frame["indicator"])
    columns = [
        Column("indicator", words("plan.indicator")), *(Column(one, named("status", one), "", 0) for one in statuses),
        Column("share", words("method.unsure_share"), "%", 0), Column("most", words("method.most"), "%", 2),
    ]  # fmt: skip
    return Table("basis", words("method.basis"), frame, columns, words("method.basis_note"))


def _most(indicator: str, basis: Basis) -> float:
    """Return the largest change [%] of an indicator by one factor to be confirmed, NaN where none was seen."""
    factors = {row.factor for row in basis.rows.values() if row.status in UNSURE}
    return max((_changes().get((indicator, name), 0.0) for name in factors), default=0.0) or math.nan
