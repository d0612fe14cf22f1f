"""The plan: the chain of objectives, units at master level, parcels at detailed level, and the evaluation."""

from collections.abc import Iterator

import pandas as pd

from citybraid.planning.rows import controls, indicators
from citybraid.report.chapter import Block, Chapter, Column, Either, Paragraph, Several, Table, Text, cells, words
from citybraid.report.indicators import by_unit, unit_text
from citybraid.report.view import View, measure_title, named

STATES = ("passed", "failed", "computed", "stated", "gap")
IN_DOCUMENTS = 20


def chapter(view: View) -> Chapter:
    """Return the chapter of planning: objectives to instruments, unit table, control table, scorecard, broken links."""
    blocks: list[Block] = [*_chain(view), *_breaks(view), *_evaluation(view)]
    blocks += [table for name in view.run.alternatives if (table := by_unit(view, name)) is not None]
    blocks += [part for name in view.run.alternatives for part in _controls(view, name)]
    return Chapter("plan", words("plan.title"), blocks)


def _chain(view: View) -> Iterator[Block]:
    asked = view.run.manifest["asked"]["objectives"]
    if not asked:
        return
    rows = []
    for told in asked:
        indicator = indicators().get(told["indicator"])
        rows.append(
            {
                "objective": Either(told["title"]), "strategy": Either(told["strategy"]),
                "measures": Several(tuple(measure_title(name) for name in told["measures"]), ", "),
                "indicator": named("indicator", told["indicator"]), "target": float(told["target"]),
                "unit": unit_text(indicator.unit) if indicator else "",
                "instrument": named("instrument", indicator.instrument) if indicator and indicator.instrument else "–",
                "source": told["source"] or named("status", told["status"]),
            }
        )  # fmt: skip
    columns = [
        Column("objective", words("plan.objective")), Column("strategy", words("plan.strategy")),
        Column("measures", words("plan.measures")), Column("indicator", words("plan.indicator")),
        Column("target", words("plan.target")), Column("unit", words("explorer.unit")),
        Column("instrument", words("plan.instrument")), Column("source", words("plan.source")),
    ]  # fmt: skip
    yield Table("chain", words("plan.chain"), pd.DataFrame(rows), columns)


def _breaks(view: View) -> Iterator[Block]:
    for told in view.run.manifest.get("chain", ()):
        yield Paragraph(words(told["text"], objective=told["objective"], name=told["name"]), "warning")


def _evaluation(view: View) -> Iterator[Block]:
    table = view.run.table("scorecard")
    if table is None:
        return
    titles = {told["id"]: Either(told["title"]) for told in view.run.manifest["asked"]["objectives"]}
    names = view.column(view.base, "unit_name")
    said = {} if names is None else {str(key): str(value) for key, value in names.items()}
    frame = pd.DataFrame(
        {
            "objective": [titles[name] for name in table["objective"]],
            "alternative": [view.name(name) for name in table["alternative"]],
            "indicator": [named("indicator", name) for name in table["indicator"]],
            "value": [float(f"{value:.4g}") for value in table["value"]],
            "target": table["target"].to_numpy(), "unit": [unit_text(unit) for unit in table["unit"]],
            "state": [words(f"plan.{state}") for state in table["state"]],
            "cause": [said.get(str(cause), str(cause)) if cause else "" for cause in table["cause"]],
        }
    )  # fmt: skip
    columns = [
        Column("objective", words("plan.objective")), Column("alternative", words("explorer.alternative")),
        Column("indicator", words("plan.indicator")), Column("value", words("plan.value")),
        Column("target", words("plan.target")), Column("unit", words("explorer.unit")),
        Column("state", words("plan.state")), Column("cause", words("plan.cause")),
    ]  # fmt: skip
    yield Table("scorecard", words("plan.scorecard"), frame, columns, words("plan.cause_note"))


def _controls(view: View, alternative: str) -> Iterator[Block]:
    table = view.run.table(f"controls/{alternative}")
    if table is None:
        return
    order = list(dict.fromkeys(table["control"]))
    counts = pd.crosstab(table["control"], table["state"]).reindex(index=order, columns=list(STATES), fill_value=0)
    rows = [controls()[str(name)] for name in counts.index]
    needs = table.groupby("control", sort=False)["needs"].first()
    summary = counts.reset_index()
    summary["binding"] = cells(words("plan.binding" if row.binding else "plan.guidance") for row in rows)
    summary["formula"] = cells(named("formula", row.formula) if row.formula else "–" for row in rows)
    summary["needs"] = cells(_needs(str(text)) for text in needs.reindex(order).fillna(""))
    summary["control"] = cells(named("control", row.id) for row in rows)
    columns = [
        Column("control", words("plan.control")), Column("binding", words("plan.kind")),
        *(Column(state, words(f"plan.{state}"), "", 0) for state in STATES),
        Column("formula", words("plan.formula")), Column("needs", words("plan.needs")),
    ]  # fmt: skip
    yield Table(
        f"controls_summary_{alternative}",
        words("plan.controls_summary", alternative=view.name(alternative)),
        summary,
        columns,
    )
    yield _control_rows(view, alternative, table)


def _control_rows(view: View, alternative: str, table: pd.DataFrame) -> Table:
    rows = table[table["state"] != "gap"].reset_index(drop=True)
    order = rows["state"].map({"failed": 0}).fillna(1)
    rows = rows.iloc[order.argsort(kind="stable")]
    texts = rows["stated_text"] if "stated_text" in rows else pd.Series(None, index=rows.index)
    frame = pd.DataFrame(
        {
            "parcel": [view.parcel_name(str(name)) for name in rows["parcel"]],
            "control": [named("control", str(name)) for name in rows["control"]],
            "binding": [words("plan.binding" if flag else "plan.guidance") for flag in rows["binding"]],
            "text": [text if isinstance(text, str) else "" for text in texts],
            "stated": pd.to_numeric(rows["stated"]).to_numpy(), "computed": rows["computed"].to_numpy(),
            "limit": rows["limit"].to_numpy(), "unit": [unit_text(str(unit)) for unit in rows["unit"]],
            "state": [words(f"plan.{state}") for state in rows["state"]],
        }
    )  # fmt: skip
    columns = [
        Column("parcel", words("explorer.parcel")), Column("control", words("plan.control")),
        Column("binding", words("plan.kind")), Column("text", words("plan.stated_text")),
        Column("stated", words("plan.stated"), "", 2),
        Column("computed", words("plan.computed"), "", 2), Column("limit", words("plan.limit"), "", 2),
        Column("unit", words("explorer.unit")), Column("state", words("plan.state")),
    ]  # fmt: skip
    title = words("plan.controls", alternative=view.name(alternative))
    return Table(f"controls_{alternative}", title, frame, columns, words("plan.controls_note"), most=IN_DOCUMENTS)


def _needs(text: str) -> Text:
    group, _, name = text.partition(".")
    return named(group, name) if name else ""
