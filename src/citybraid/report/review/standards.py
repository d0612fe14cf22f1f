"""Standards in the report: how many clauses were checked and met, and the whole list with the status of each."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.factor import UNSURE
from citybraid.planning.review.standards import (
    CHECKED,
    FAILED,
    NOT_APPLICABLE,
    NOT_COMPUTABLE,
    PASSED,
    UNPROVEN,
    standards,
)
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, TextList, cells, words
from citybraid.report.remarks.citing import cited
from citybraid.report.review.adopted import adopted
from citybraid.report.view import View, named, region_title

SIGNS: Mapping[str, str] = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}
IN_DOCUMENTS = 20
ORDER = (FAILED, UNPROVEN, PASSED, NOT_COMPUTABLE)
"""States in the order in which clauses are listed."""


def standards_sentence(view: View) -> Iterator[Block]:
    """Yield how many clauses were checked in the alternative whose controls are, and which are missed."""
    table = _table(view)
    if table is None:
        return
    counts = table["state"].value_counts()
    if len(table) == int(counts.get(NOT_APPLICABLE, 0)):
        yield Paragraph(words("standards.none", region=region_title(view.run.about.region)))
        return
    checked = table[table["state"].isin(CHECKED)]
    if checked.empty:
        yield Paragraph(words("standards.unchecked", total=len(table)))
        return
    unsure = sum(standards()[str(name)].status in UNSURE for name in checked["standard"])
    values = {state: int(counts.get(state, 0)) for state in (PASSED, FAILED, UNPROVEN)}
    yield Paragraph(words("standards.brief", total=len(table), checked=len(checked), unsure=unsure, **values))
    missed = [named("standard", str(name)) for name in table.loc[table["state"] == FAILED, "standard"]]
    if missed:
        yield Paragraph(words("standards.missed", which=TextList(tuple(missed))))


def standards_table(view: View) -> Iterator[Block]:
    """Yield a row per clause that applies here: what it asks, what was found, or what it lacks, and its status."""
    table = _table(view)
    if table is None:
        return
    ranked = table[table["state"] != NOT_APPLICABLE].assign(order=lambda each: each["state"].map(ORDER.index))
    if ranked.empty:
        return
    rows = ranked.sort_values("order", kind="stable").to_dict("records")
    clauses = [standards()[str(row["standard"])] for row in rows]
    frame = pd.DataFrame(
        {
            "document": cells(named("standard_document", row.document) if row.document else "–" for row in clauses),
            "clause": cells(named("standard_clause", row.clause) if row.clause else "–" for row in clauses),
            "rule": cells(named("standard", row.id) for row in clauses),
            "asked": cells(
                "–" if row.value is None else TextList((SIGNS[row.comparison], _amount(row.value, row.unit)), " ")
                for row in clauses
            ),
            "found": cells(_amount(float(row["value"]), each.unit) for row, each in zip(rows, clauses, strict=True)),
            "parcels": cells(_parcels(row, each.kind) for row, each in zip(rows, clauses, strict=True)),
            "state": cells(words(f"standard_state.{row['state']}") for row in rows),
            "needs": cells(_needs(str(row["needs"])) for row in rows),
            "status": cells(named("status", row.status) for row in clauses),
            "source": cells(cited(row.source or "–") for row in clauses),
        }
    )
    columns = [Column(name, words(f"standards.{name}")) for name in frame]
    title = words("standards.table", alternative=view.name(adopted(view)))
    yield Table("standards", title, frame, columns, words("standards.note"), most=IN_DOCUMENTS,
                printed=IN_DOCUMENTS)  # fmt: skip


def _table(view: View) -> pd.DataFrame | None:
    """Return the clauses, without those that runs of earlier versions checked and that stand no more."""
    table = view.run.table(f"standards/{adopted(view)}")
    return None if table is None else table[table["standard"].isin(list(standards()))]


def _amount(value: float, unit: str) -> Text:
    return Quantity(value, unit, {"1": 2, "m": 2, "m2 person-1": 2}.get(unit)) if np.isfinite(value) else "–"


def _parcels(row: Mapping[Any, Any], kind: str) -> Text:
    return f"{row['missed']} / {row['checked']}" if kind == "control" and row["checked"] else "–"


def _needs(text: str) -> Text:
    group, _, name = text.partition(".")
    return named(group, name) if name else "–"
