"""Blocks of joint effects: the matrix with its lead, where pairs meet, the table behind it, spill-over, the loop."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.integrate.learn.estimates import CONFIDENCE, PRODUCT, TOLD
from citybraid.integrate.learn.known_interactions import Absent, absent, known_terms, small_but_sure
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
PRINTED = 40
"""Effects of measures by themselves that documents print; the page and the workbook hold all."""
LITTLE = 0.0005
"""Share of both effects from which on a pair that adds up has an indicator in the matrix [-]."""
SPILT = 0.01
"""Share of an effect on other units from which it is listed [-]."""


def interaction_blocks(view: View) -> list[Block]:
    """Return the blocks of the joint effects by design; nothing where the study asked for none."""
    table = view.run.table("interaction_effects")
    blocks: list[Block] = []
    if table is not None:
        seen = table[~table["indicator"].isin(unseen(view))]
        blocks += [
            *_matrix(view, seen),
            *_absent(view),
            *_meetings(view, seen),
            *_details(view, seen),
            *_mains(view, seen),
            *_spill(view),
        ]
    return [*blocks, *_loop(view)]


def _matrix(view: View, table: pd.DataFrame) -> Iterator[Block]:
    pairs = table[table["order"] == 2]  # noqa: PLR2004  (a pair)
    of_kind = {"gains": "help", "losses": "hinder", "additive": "additive", "unsure": "unsure"}
    counts = {name: int((pairs["kind"] == kind).sum()) for name, kind in of_kind.items()}
    settings = view.run.manifest.asked.interactions
    yield Paragraph(
        words("interactions.lead", **counts, pairs=pairs["term"].nunique(), replicates=settings.replicates), "lead"
    )
    by_place = {(str(row["term"]), str(row["indicator"])): row for row in pairs.to_dict("records")}
    shown, alike = _columns(view, pairs, by_place)
    if not shown:
        return
    terms = _terms(pairs[pairs["indicator"].isin(shown)])
    grid = [[_cell(by_place, term, name) for name in shown] for term in terms]

    def draw(language: str) -> Drawing:
        titles = [_pair_title(term, language) for term in terms]
        names = [in_words(named("indicator", name), language) for name in shown]
        labels = Labels(words("interactions.matrix").say(language))
        return synergy_matrix(titles, names, grid, labels, language=language)

    yield Figure("synergy_matrix", words("interactions.caption", confidence=percent(CONFIDENCE)), draw)
    if alike:
        parts = tuple(
            words("interactions.as_is", names=TextList(tuple(named("indicator", each) for each in same), ", "),
                  name=named("indicator", name))
            for name, same in alike.items()
        )  # fmt: skip
        yield Paragraph(words("interactions.alike", parts=TextList(parts, "; ")), "item")


Rows = Mapping[tuple[str, str], Mapping[Hashable, Any]]
"""The rows of pairs by their term and indicator."""


def _columns(view: View, pairs: pd.DataFrame, rows: Rows) -> tuple[list[str], dict[str, list[str]]]:
    """Return the indicators of the matrix, and by each those whose cells read the same, which are left out.

    Those of objectives come first, then by the size of what is sure; then, while there is room, that in which a pair
    adds up but for a little, for each pair.
    """
    telling = pairs[pairs["kind"].isin([*TOLD, "unsure"])]
    ranked = telling.assign(sure=telling["kind"].isin(TOLD), size=telling["relative"].abs())
    order = ranked.groupby("indicator", sort=False)[["sure", "size"]].max()
    order = order.sort_values(["sure", "size"], ascending=False, kind="stable")
    goals = [each.indicator for each in view.run.manifest.asked.objectives]
    little = pairs[(pairs["kind"] == "additive") & (pairs["relative"].abs() >= LITTLE)]
    little = little.assign(size=little["relative"].abs()).sort_values("size", ascending=False, kind="stable")
    rest = little[~little["term"].isin(telling["term"])].drop_duplicates("term")["indicator"]
    first: dict[tuple[tuple[str, ...], ...], str] = {}
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys([*(name for name in goals if name in order.index), *order.index, *rest]):
        seen = tuple(_printed(_cell(rows, str(term), str(name))) for term in pairs["term"].unique())
        if seen in first:
            alike.setdefault(first[seen], []).append(str(name))
        elif len(first) < MOST_COLUMNS:
            first[seen] = str(name)
    return list(first.values()), alike


def _printed(cell: Cell) -> tuple[str, ...]:
    """Return what a cell of the matrix shows."""
    ends = (cell.relative, cell.low, cell.high)
    return (cell.kind, *(percent(each, signed=True) for each in ends if np.isfinite(each)))


def _terms(pairs: pd.DataFrame) -> list[str]:
    """Return the pairs of the matrix: those that do not add up first, each by its largest effect."""
    ranked = pairs.assign(tells=pairs["kind"].isin([*TOLD, "unsure"]), size=pairs["relative"].abs().fillna(0.0))
    order = ranked.groupby("term", sort=False)[["tells", "size"]].max()
    order = order.sort_values(["tells", "size"], ascending=False, kind="stable")
    return [str(term) for term in order.index[:MOST_PAIRS]]


def _cell(rows: Rows, term: str, indicator: str) -> Cell:
    row = rows[term, indicator]
    gain = 1.0 if indicators()[indicator].direction == "higher" else -1.0
    ends = sorted(gain * float(row[name]) for name in ("relative_low", "relative_high"))
    return Cell(str(row["kind"]), gain * float(row["relative"]), ends[0], ends[1])


def _pair_title(term: str, language: str) -> str:
    return " × ".join(in_words(measure_title(name), language) for name in term.split(PRODUCT))


def _titles(term: str) -> TextList:
    return TextList(tuple(measure_title(name) for name in term.split(PRODUCT)), " × ")


def _absent(view: View) -> Iterator[Block]:
    """Yield the interactions that the models hold and this design cannot show, with what it would take."""
    asked = view.run.manifest.asked
    parts = tuple(_why_absent(each) for each in absent(asked.interactions.measures, asked.couplings.closed))
    if parts:
        yield Paragraph(words("interactions.absent", parts=TextList(parts, "; ")), "item")


def _why_absent(each: Absent) -> Text:
    name = words(f"known_interaction.{each.row.id}")
    if each.tried:
        return words("interactions.absent_open", name=name, coupling=each.row.coupling)
    first, second = (
        TextList(tuple(measure_title(one) for one in side.split()), ", ") for side in (each.row.first, each.row.second)
    )
    return words("interactions.absent_untried", name=name, first=first, second=second)


def _small(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of pairs that are known to act on each other and do so but for a little."""
    return small_but_sure(table, known_terms(view.run.manifest.asked.interactions.measures))


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
    rows = pd.concat([rows, _small(view, table)])
    if rows.empty:
        return
    if paths is not None:
        rows = rows.merge(paths, on=["term", "indicator"], how="left")
    frame = pd.DataFrame(
        {
            **_what_and_how_much(view, rows),
            "kind": cells(words(f"interactions.{kind}") for kind in rows["kind"]),
            "model": cells(_where(row) for row in rows.to_dict("records")),
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
    settings, runs = view.run.manifest.asked.interactions, view.run.table("interaction_runs")
    note = words(
        "interactions.note", confidence=percent(CONFIDENCE), runs=0 if runs is None else len(runs),
        replicates=settings.replicates, varied=words("interactions.varied" if settings.vary else "interactions.fixed"),
    )  # fmt: skip
    yield Table("interactions_by_design", words("interactions.table"), frame, columns, note, appendix=True)


def _mains(view: View, table: pd.DataFrame) -> Iterator[Block]:
    """Yield what each measure does by itself, with how sure it is: a wetland that lowers runoff control is no pair."""
    rows = table[(table["order"] == 1) & table["kind"].isin([*TOLD, "unsure"])]
    if rows.empty:
        return
    frame = pd.DataFrame(
        {
            **_what_and_how_much(view, rows),
            "kind": cells(words(f"interactions_alone.{kind}") for kind in rows["kind"]),
        }
    )
    columns = [
        Column("term", words("measures.measure")), Column("indicator", words("plan.indicator")),
        Column("unit", words("explorer.unit")), Column("effect", words("interactions.effect")),
        Column("low", words("interactions.low")), Column("high", words("interactions.high")),
        Column("kind", words("measures.kind")),
    ]  # fmt: skip
    note = words("interactions.mains_note", confidence=percent(CONFIDENCE))
    yield Table("effects_by_design", words("interactions.mains"), frame, columns, note, printed=PRINTED, appendix=True)


def _what_and_how_much(view: View, rows: pd.DataFrame) -> Mapping[str, Any]:
    """Return the columns of measures, indicator and unit, and of the effect with its interval in the unit's digits."""
    units = [view.unit_of(str(name)) for name in rows["indicator"]]
    return {
        "term": cells(_titles(str(term)) for term in rows["term"]),
        "indicator": cells(named("indicator", str(name)) for name in rows["indicator"]),
        "unit": cells(unit_text(unit) for unit in units),
        **{
            name: [significant(float(value), unit) for value, unit in zip(rows[name], units, strict=True)]
            for name in ("effect", "low", "high")
        },
    }


def _where(row: Mapping[Hashable, Any]) -> Text:
    """Return where a pair meets; beside other measures alone where it helps or hinders and both add up by themselves.

    With three measures on one roof two of them may act on each other only through the room that the third one takes.
    """
    if not pd.isna(row["model"]):
        return model_title(str(row["model"]))
    return words("interactions.beside_others") if row["kind"] in TOLD and row["order"] == 2 else ""  # noqa: PLR2004  (a pair)


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
    """Yield what closing the loop of waste heat and cooling adds in each alternative, and what trees take off it."""
    table = view.run.table("heat_loop")
    for row in [] if table is None else table.to_dict("records"):
        opened = float(row["open_demand"])
        gain = float(row["demand"]) / opened - 1.0 if opened > 0.0 else 0.0
        surroundings = float(row.get("surroundings", 0.0))
        heat = {"surroundings": Quantity(surroundings, "K", 2),
                "heat": Quantity(float(row["warming"]) - surroundings, "K", 2)}  # fmt: skip
        yield Paragraph(
            words(
                "interactions.loop_changed" if surroundings else "interactions.loop",
                alternative=TranslatedText(view.run.title(str(row["alternative"]))),
                rounds=int(row["rounds"]), warming=Quantity(float(row["warming"]), "K", 2),
                gain=Quantity(100.0 * gain, "%", 1), residual=Quantity(float(row["residual"]), "K", 3),
                **(heat if surroundings else {}),
            ),
            "item", appendix=True,
        )  # fmt: skip
