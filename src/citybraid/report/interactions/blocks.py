"""Blocks of joint effects: the matrix with its lead, where pairs meet, the table behind it, spill-over, the loop."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.integrate.learn.estimates import CONFIDENCE, PRODUCT
from citybraid.planning.rows import indicators
from citybraid.report.chapter import (
    Block,
    Column,
    Figure,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    TranslatedText,
    cells,
    in_words,
    words,
)
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.units import significant
from citybraid.report.indicators import unit_text
from citybraid.report.interactions.matrix import Cell, synergy_matrix
from citybraid.report.remarks.unseen import percent, unseen
from citybraid.report.view import View, measure_title, model_title, named

MOST_PAIRS, MOST_COLUMNS, MOST_TOLD = 10, 7, 3
"""Pairs and indicators of the matrix, and pairs whose meeting is told in the chapter."""
SPILT = 0.01
"""Share of an effect on other units from which it is listed [-]."""
TOLD = ("help", "hinder")


def interaction_blocks(view: View) -> list[Block]:
    """Return the blocks of the joint effects by design; nothing where the study asked for none."""
    table = view.run.table("interaction_effects")
    blocks: list[Block] = []
    if table is not None:
        seen = table[~table["indicator"].isin(unseen(view))]
        blocks += [*_matrix(view, seen), *_meetings(view, seen), *_details(view, seen), *_spill(view)]
    return [*blocks, *_loop(view)]


def _matrix(view: View, table: pd.DataFrame) -> Iterator[Block]:
    pairs = table[table["order"] == 2]  # noqa: PLR2004  (a pair)
    of_kind = {"gains": "help", "losses": "hinder", "additive": "additive", "unsure": "unsure"}
    counts = {name: int((pairs["kind"] == kind).sum()) for name, kind in of_kind.items()}
    asked = view.run.manifest.asked.interactions
    yield Paragraph(
        words("interactions.lead", **counts, pairs=pairs["term"].nunique(), replicates=asked.replicates), "lead"
    )
    telling = pairs[pairs["kind"].isin([*TOLD, "unsure"])]
    if telling.empty:
        return
    shown = _columns(view, telling)
    size = telling[telling["indicator"].isin(shown)].groupby("term", sort=False)["relative"].apply(_largest)
    terms = [str(term) for term in size.sort_values(ascending=False, kind="stable").index[:MOST_PAIRS]]
    by_place = {(str(row["term"]), str(row["indicator"])): row for row in pairs.to_dict("records")}
    grid = [[_cell(by_place, term, name) for name in shown] for term in terms]

    def draw(language: str) -> Drawing:
        titles = [_pair_title(term, language) for term in terms]
        names = [in_words(named("indicator", name), language) for name in shown]
        labels = Labels(words("interactions.matrix").say(language))
        return synergy_matrix(titles, names, grid, labels, language=language)

    yield Figure("synergy_matrix", words("interactions.caption", confidence=percent(CONFIDENCE)), draw)


def _columns(view: View, telling: pd.DataFrame) -> list[str]:
    """Return the indicators of the matrix: those of objectives first, then by the size of what is sure."""
    ranked = telling.assign(sure=telling["kind"].isin(TOLD), size=telling["relative"].abs())
    order = ranked.groupby("indicator", sort=False)[["sure", "size"]].max()
    order = order.sort_values(["sure", "size"], ascending=False, kind="stable")
    goals = [each.indicator for each in view.run.manifest.asked.objectives]
    return list(dict.fromkeys([*(name for name in goals if name in order.index), *order.index]))[:MOST_COLUMNS]


def _cell(rows: Mapping[tuple[str, str], Mapping[Hashable, Any]], term: str, indicator: str) -> Cell:
    row = rows[term, indicator]
    gain = 1.0 if indicators()[indicator].direction == "higher" else -1.0
    ends = sorted(gain * float(row[name]) for name in ("relative_low", "relative_high"))
    return Cell(str(row["kind"]), gain * float(row["relative"]), ends[0], ends[1])


def _largest(part: pd.Series) -> float:
    return float(part.abs().max())


def _pair_title(term: str, language: str) -> str:
    return " × ".join(in_words(measure_title(name), language) for name in term.split(PRODUCT))


def _titles(term: str) -> TextList:
    return TextList(tuple(measure_title(name) for name in term.split(PRODUCT)), " × ")


def _meetings(view: View, table: pd.DataFrame) -> Iterator[Block]:
    """Yield why the strongest sure pairs act on each other, one indicator of each."""
    paths = view.run.table("interaction_paths")
    sure = table[table["kind"].isin(TOLD) & (table["order"] == 2)]  # noqa: PLR2004  (a pair)
    if paths is None or sure.empty:
        return
    merged = sure.merge(paths, on=["term", "indicator"])
    merged = merged.assign(size=merged["relative"].abs()).sort_values("size", ascending=False, kind="stable")
    for row in merged.drop_duplicates("term").head(MOST_TOLD).to_dict("records"):
        text = "interactions.meet_help" if row["kind"] == "help" else "interactions.meet_hinder"
        yield Paragraph(
            words(
                text, pair=_titles(row["term"]), indicator=named("indicator", row["indicator"]),
                share=percent(abs(row["relative"])), where=model_title(row["model"]), by=_by(row),
            ),
            "item",
        )  # fmt: skip


def _by(row: Mapping[Hashable, Any]) -> Text:
    """Return the quantities by which both measures reach the place where they meet."""
    quantities = dict.fromkeys([*str(row["first"]).split(), *str(row["second"]).split()])
    return TextList(tuple(named("var", name) for name in quantities) or (named("var", row["quantity"]),), ", ")


def _details(view: View, table: pd.DataFrame) -> Iterator[Block]:
    paths = view.run.table("interaction_paths")
    rows = table[(table["order"] > 1) & table["kind"].isin([*TOLD, "unsure"])]
    if rows.empty:
        return
    if paths is not None:
        rows = rows.merge(paths, on=["term", "indicator"], how="left")
    units = [view.unit_of(str(name)) for name in rows["indicator"]]
    frame = pd.DataFrame(
        {
            "term": cells(_titles(str(term)) for term in rows["term"]),
            "indicator": cells(named("indicator", str(name)) for name in rows["indicator"]),
            "unit": cells(unit_text(unit) for unit in units),
            **{
                name: [significant(float(value), unit) for value, unit in zip(rows[name], units, strict=True)]
                for name in ("effect", "low", "high")
            },
            "kind": cells(words(f"interactions.{kind}") for kind in rows["kind"]),
            "model": cells("" if pd.isna(model) else model_title(str(model)) for model in rows["model"]),
            "by": cells("" if pd.isna(row["model"]) else _by(row) for row in rows.to_dict("records")),
            "aliases": cells(_aliases(str(text)) for text in rows["aliases"]),
        }
    )
    columns = [
        Column("term", words("interactions.together")), Column("indicator", words("plan.indicator")),
        Column("unit", words("explorer.unit")), Column("effect", words("interactions.joint")),
        Column("low", words("interactions.low")), Column("high", words("interactions.high")),
        Column("kind", words("measures.kind")), Column("model", words("interactions.where")),
        Column("by", words("interactions.by")), Column("aliases", words("interactions.aliases")),
    ]  # fmt: skip
    asked, runs = view.run.manifest.asked.interactions, view.run.table("interaction_runs")
    note = words(
        "interactions.note", confidence=percent(CONFIDENCE), runs=0 if runs is None else len(runs),
        replicates=asked.replicates, varied=words("interactions.varied" if asked.vary else "interactions.fixed"),
    )  # fmt: skip
    yield Table("interactions_by_design", words("interactions.table"), frame, columns, note, appendix=True)


def _aliases(text: str) -> Text:
    terms = [part for part in text.split("; ") if part]
    return TextList(tuple(_titles(term) for term in terms), "; ") if terms else ""


def _spill(view: View) -> Iterator[Block]:
    table = view.run.table("spill_over")
    if table is None:
        return
    rows = table[table["share"].abs() >= SPILT]
    rows = rows[~rows["indicator"].isin(unseen(view))]
    if rows.empty:
        yield Paragraph(words("interactions.no_spill"), "item", appendix=True)
        return
    wide = rows.pivot_table(index="indicator", columns="measure", values="share", sort=False)
    frame = (100.0 * wide).round(0).reset_index()
    frame["indicator"] = cells(named("indicator", str(name)) for name in wide.index)
    columns = [
        Column("indicator", words("plan.indicator")),
        *(Column(str(name), measure_title(str(name)), "%", 0) for name in wide.columns),
    ]
    yield Table("spill_over", words("interactions.spill"), frame, columns, words("interactions.spill_note"),
                appendix=True)  # fmt: skip


def _loop(view: View) -> Iterator[Block]:
    """Yield what closing the loop of waste heat and cooling adds in each alternative."""
    table = view.run.table("heat_loop")
    for row in [] if table is None else table.to_dict("records"):
        opened = float(row["open_demand"])
        gain = float(row["demand"]) / opened - 1.0 if opened > 0.0 else 0.0
        yield Paragraph(
            words(
                "interactions.loop", alternative=TranslatedText(view.run.title(str(row["alternative"]))),
                rounds=int(row["rounds"]), warming=Quantity(float(row["warming"]), "K", 2),
                gain=Quantity(100.0 * gain, "%", 1), residual=Quantity(float(row["residual"]), "K", 3),
            ),
            "item", appendix=True,
        )  # fmt: skip
