"""One page first: which parcels fail, why, and the cheapest fix."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from citybraid.planning.rows import controls
from citybraid.report.chapter import (
    Block,
    Chapter,
    Column,
    Figure,
    Paragraph,
    Quantity,
    Several,
    Table,
    Text,
    in_words,
    words,
)
from citybraid.report.charts import Labels, scorecard
from citybraid.report.units import number
from citybraid.report.view import View, measure_title, named

VERDICT = {"green": "good", "red": "bad", "grey": "none"}


def chapter(view: View) -> Chapter:
    """Return the first page: the failing parcels, the objectives, and what every reader must know."""
    return Chapter("first-page", words("first.title"), [*_warnings(view), *_failing(view), *_scorecard(view)])


def _warnings(view: View) -> Iterator[Block]:
    yield from (Paragraph(note, "warning") for note in view.notes)
    assumed = [
        name for name, price in ((view.run.choice or {}).get("prices") or {}).items() if price["status"] == "assumed"
    ]
    if assumed:
        yield Paragraph(words("first.assumed", measures=_list(measure_title(name) for name in assumed)), "warning")


def _failing(view: View) -> Iterator[Block]:
    table = view.run.table("failing")
    where = view.run.manifest.get("failing_in")
    controls = None if where is None else view.run.table(f"controls/{where}")
    if table is None or controls is None or where is None:
        yield Paragraph(words("first.no_controls"))
        return
    failed = controls[controls["state"] == "failed"]
    checked = controls[controls["state"].isin(["failed", "passed"])]
    counts: dict[str, object] = {
        "failed": failed["parcel"].nunique(), "checked": checked["parcel"].nunique(), "alternative": view.name(where),
    }  # fmt: skip
    if table.empty:
        yield Paragraph(words("first.none_fail", **counts), "lead")
        return
    yield Paragraph(words("first.fail", **counts, shown=table["parcel"].nunique()), "lead")
    yield _table(view, table)


def _table(view: View, table: pd.DataFrame) -> Table:
    fixes = view.run.table("fixes")
    rows = []
    for rank, found in table.groupby("rank", sort=True):
        parcel = str(found["parcel"].iloc[0])
        fix = Several(()) if fixes is None else _fixes(fixes, parcel, [str(name) for name in found["control"]])
        why_not = Several(tuple(_why(row) for row in found.to_dict("records")))
        rows.append({"rank": rank, "parcel": view.parcel_name(parcel), "why": why_not, "fix": fix})
    columns = [
        Column("rank", words("first.rank"), digits=0), Column("parcel", words("explorer.parcel")),
        Column("why", words("first.why")),
    ]  # fmt: skip
    if fixes is not None:
        columns.append(Column("fix", words("first.fix")))
    note = words("first.fix_note" if fixes is not None else "first.no_fixes")
    return Table("failing", words("first.table"), pd.DataFrame(rows), columns, note)


def _why(row: Mapping[Any, Any]) -> Text:
    over = row["computed"] > row["limit"]
    return why(str(row["control"]), float(row["computed"]), float(row["limit"]), str(row["unit"]), over=over)


def why(control: str, computed: float, limit: float, unit: str, *, over: bool) -> Text:
    """Return why a control is missed, in a sentence."""
    digits = 2 if unit in ("1", "m") else 1
    values: dict[str, object] = {
        "control": named("control", control),
        "computed": Quantity(computed, unit, digits), "limit": Quantity(limit, unit, digits),
    }  # fmt: skip
    return words("first.above" if over else "first.below", **values)


def _fixes(fixes: pd.DataFrame, parcel: str, missed: Sequence[str]) -> Several:
    """The cheapest or nearest fix of each control that a parcel misses; those that no measure moves last, together."""
    mine = fixes[(fixes["parcel"] == parcel) & (fixes["measure"] != "")]
    known = [name for name in missed if (mine["control"] == name).any()]
    told: list[Text] = [_fix(mine[mine["control"] == name], name) for name in known]
    rest = tuple(named("control", name) for name in missed if name not in known)
    if rest:
        told.append(words("first.fix_none", controls=Several(rest, ", ")))
    return Several(tuple(told))


def _fix(rows: pd.DataFrame, control: str) -> Text:
    parts = [
        words(
            "first.adoption",
            measure=measure_title(str(row["measure"])),
            share=number(100 * float(row["adoption"]), digits=0),
        )
        for row in rows.to_dict("records")
    ]
    cost = Quantity(float(rows["cost"].iloc[0]), "CNY")
    if not bool(rows["reaches"].iloc[0]):
        value = Quantity(float(rows["value"].iloc[0]), controls()[control].unit, 2)
        near = {"control": named("control", control), "measures": Several(tuple(parts), ", "), "cost": cost}
        return words("first.fix_near", **near, value=value)
    text = "first.fix_assumed" if bool(rows["assumed"].iloc[0]) else "first.fix_known"
    return words(text, control=named("control", control), measures=Several(tuple(parts), ", "), cost=cost)


def _scorecard(view: View) -> Iterator[Block]:
    table = view.run.table("scorecard")
    if table is None:
        return
    yield Paragraph(words("first.objectives"), "heading")
    asked = {told["id"]: told for told in view.run.manifest["asked"]["objectives"]}
    order = list(dict.fromkeys(table["objective"]))

    def draw(language: str) -> Any:
        rows = [f"{asked[name]['title'][language]}" for name in order]
        heads = [in_words(view.name(name), language) for name in view.run.alternatives]
        verdicts = pd.DataFrame("none", index=rows, columns=heads)
        values = pd.DataFrame("–", index=rows, columns=heads)
        for row in table.to_dict("records"):
            at = (order.index(row["objective"]), view.run.alternatives.index(row["alternative"]))
            verdicts.iloc[at] = VERDICT[str(row["state"])]
            if np.isfinite(row["value"]):
                values.iloc[at] = number(float(f"{row['value']:.4g}"))
        targets = {row["objective"]: (row["target"], row["unit"]) for row in table.to_dict("records")}
        return scorecard(
            _with_targets(verdicts, order, targets, language), values, Labels(words("first.scorecard").say(language))
        )

    yield Figure("scorecard", words("first.scorecard_caption"), draw)


def _with_targets(verdicts: pd.DataFrame, order: list[str], targets: dict[str, Any], language: str) -> pd.DataFrame:
    said = [Quantity(float(targets[name][0]), str(targets[name][1]), None).say(language) for name in order]
    verdicts.index = pd.Index(
        [
            f"{title}\n{words('first.target', target=text).say(language)}"
            for title, text in zip(verdicts.index, said, strict=True)
        ]
    )
    return verdicts


def _list(texts: Any) -> Several:
    return Several(tuple(texts), ", ")
