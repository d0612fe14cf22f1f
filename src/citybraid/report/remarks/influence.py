"""Factors whose source is to be confirmed, ranked by their influence on each indicator."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from citybraid.core.rows.plan import FactorInfluence
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.report.chapter import Column, Table, TextList, cells, words
from citybraid.report.remarks.basis import UNSURE, basis_of_indicator
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
