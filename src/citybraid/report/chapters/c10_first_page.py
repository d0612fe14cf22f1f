"""Page one: the study's question, the verdict on the alternatives, the parcels to change, and the cheapest fixes.

How alternatives are ranked, fixes sought and single numbers limited stands in its appendix.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.step import Gap
from citybraid.planning.rows import indicators
from citybraid.report.carbon.band import emission_range
from citybraid.report.chapter import (
    Amount,
    Block,
    Chapter,
    Figure,
    Paragraph,
    Quantity,
    TextList,
    TranslatedText,
    in_words,
    words,
)
from citybraid.report.drawing.charts import Labels, scorecard
from citybraid.report.drawing.units import number, places
from citybraid.report.indicators import as_told
from citybraid.report.plausible import implausible
from citybraid.report.remarks.basis import absent_in_base
from citybraid.report.remarks.drained import drained_note
from citybraid.report.remarks.flood_coarse import coarse_terrain_note, dry_ground_note
from citybraid.report.remarks.onset import onset_note
from citybraid.report.remarks.result_limits import limit_notes, unknown_cover_note
from citybraid.report.remarks.unended import unended_note
from citybraid.report.remarks.unseen import off_by, unseen
from citybraid.report.verdict.change_map import change_map
from citybraid.report.verdict.overview import HEADLINES, overview
from citybraid.report.verdict.parcel_states import ParcelStates, parcel_states
from citybraid.report.verdict.question import question
from citybraid.report.verdict.remedies import remedies, search_notes
from citybraid.report.verdict.reruns import first_page_sentence
from citybraid.report.verdict.summary import verdict
from citybraid.report.view import View, measure_title, model_title, named, need_title

VERDICT = {"green": "good", "red": "bad", "grey": "none"}
STRANDS = ("biodiversity", "lowcarbon", "resilience")
FAR_OFF, MOST_LISTED = 0.1, 3
"""Screening results further off than this share are listed on page one, the furthest few."""
MOST_UNSTATED, MOST_ROWS, MOST_PRINTED = 5, 6, 8
"""Parcels listed where none of those that fail is a planned one; rows of the table on the page and in documents."""


def chapter(view: View) -> Chapter:
    """Return the first page: question, verdict, objectives, the parcels to change, then warnings and gaps."""
    limits, later = [*_warnings(view), *_gaps(view)], _appended("first.limits", _secondary(view))
    blocks = [
        *question(view), *verdict(view), *overview(view), *_scorecard(view), *emission_range(view), *_failing(view),
        *([Paragraph(words("first.limits"), "heading")] if limits else []), *limits, *later,
    ]  # fmt: skip
    return Chapter("first-page", words("first.title"), blocks)


def _appended(heading: str, blocks: Iterable[Paragraph]) -> list[Block]:
    """Return paragraphs of the appendix below a heading, none where there are none."""
    appended = [replace(block, appendix=True) for block in blocks]
    return [Paragraph(words(heading), "heading", appendix=True), *appended] if appended else []


def _secondary(view: View) -> Iterator[Paragraph]:
    """Yield what limits numbers that page one does not decide by."""
    settings = view.run.manifest.asked
    if not (settings.uncertainty.runs or settings.uncertainty.factor_runs):
        yield Paragraph(words("first.single_run"))
    if (left := unended_note(view)) is not None:
        yield Paragraph(left, "warning")
    gaps = _lacking(view)
    if gaps.more:
        yield Paragraph(words("first.gaps_more" if gaps.objectives else "first.gaps_unasked", count=gaps.more))


def _warnings(view: View) -> Iterator[Block]:
    yield from (Paragraph(note, "warning") for note in view.notes)
    if (unknown := unknown_cover_note(view)) is not None:
        yield Paragraph(unknown, "warning")
    judged = {each.indicator for each in view.run.manifest.asked.objectives}
    if absent := absent_in_base(view, judged or set(HEADLINES)):
        yield Paragraph(words("first.absent" if judged else "overview.absent", parts=_list(absent)), "warning")
    for warning in (coarse_terrain_note(view), dry_ground_note(view), drained_note(view)):
        if warning is not None:
            yield Paragraph(warning, "warning")
    if (assumed_part := onset_note(view)) is not None:
        yield Paragraph(assumed_part, "warning")
    yield from implausible(view)
    prices = {} if view.run.choice is None else view.run.choice.prices
    assumed = [name for name, price in prices.items() if price.status == "assumed"]
    if assumed:
        yield Paragraph(words("first.assumed", measures=_list(measure_title(name) for name in assumed)), "warning")


class _Gaps(NamedTuple):
    """Models that lack data: those that an objective needs, and how many others there are."""

    objectives: frozenset[str]
    first: Sequence[Gap]
    more: int


def _lacking(view: View) -> _Gaps:
    gaps = {gap.model: gap for name in view.run.alternatives for gap in view.run.gaps(name)}
    lacking = [gap for model, gap in sorted(gaps.items()) if model.split(".")[0] in STRANDS]
    objectives = frozenset(each.indicator for each in view.run.manifest.asked.objectives)
    quantities = {row.reading.var for row in indicators().values() if row.id in objectives}
    first = [gap for gap in lacking if quantities & set(gap.makes)]
    return _Gaps(objectives, first, len(lacking) - len(first))


def _gaps(view: View) -> Iterator[Block]:
    """Yield the models whose missing data keep an objective from being computed."""
    if first := _lacking(view).first:
        needs = dict.fromkeys(need for gap in first for need in gap.needs)
        models = _list(model_title(gap.model) for gap in first)
        yield Paragraph(words("first.gaps", models=models, needs=_list(need_title(need) for need in needs)), "warning")


def _failing(view: View) -> Iterator[Block]:
    """Yield how many parcels breach a limit, the map of those that the plan must change, and what each needs."""
    ranked, states = view.run.table("failing"), parcel_states(view)
    if ranked is None or states is None:
        yield Paragraph(words("first.no_controls"))
        return
    if not states.checked:
        yield Paragraph(words("first.no_limits"))
        return
    counts: dict[str, object] = {
        "all": states.controls["parcel"].nunique(), "checked": states.checked, "failed": len(states.failing),
        "planned": len(states.planned), "existing": len(states.existing), "alternative": view.name(states.alternative),
    }  # fmt: skip
    yield Paragraph(words("verdict.parcels"), "heading")
    if not states.failing:
        yield Paragraph(words("first.none_fail", **counts), "lead")
        return
    yield Paragraph(words(f"verdict.{_case(states)}", **counts), "lead")
    yield _by_control(states)
    drawn = change_map(view, states)
    if drawn is not None and drawn.telling:
        yield drawn
    title = words(f"verdict.{_case(states)}_table")
    chosen = states.planned or states.failing[:MOST_UNSTATED]
    sought = view.run.table("fixes") is not None
    table = remedies(view, ranked, states.controls, name="failing", title=title, chosen=chosen,
                     note=words("verdict.parcel_order") if sought else None)  # fmt: skip
    yield replace(table, most=MOST_ROWS, printed=MOST_PRINTED)
    if sought:
        yield from _screening(view)
    rerun = first_page_sentence(view)
    notes = [*(search_notes(view) if sought else ()), *([] if rerun is None else [rerun])]
    yield from _appended("verdict.parcels", (Paragraph(note) for note in notes))


def _case(states: ParcelStates) -> str:
    """Return which sentence and table fit: planned parcels fail, only existing ones do, or no file tells them apart."""
    if not states.stated:
        return "failing"
    return "planned" if states.planned else "existing"


def _by_control(states: ParcelStates) -> Paragraph:
    """Return the number of parcels that breach each control, the most breached first; planned ones where stated."""
    rows = states.controls[states.controls["state"] == "failed"]
    shown = rows[rows["parcel"].isin(states.planned)] if states.planned else rows
    counts = shown.groupby("control", sort=False)["parcel"].nunique().sort_values(ascending=False, kind="stable")
    parts = [words("first.count", control=named("control", str(name)), count=int(n)) for name, n in counts.items()]
    return Paragraph(
        words("verdict.by_control_planned" if states.planned else "verdict.by_control", counts=_list(parts))
    )


def _screening(view: View) -> Iterator[Block]:
    """Warn where the screening grid, on which fixes were searched, is far from the full one, objectives first."""
    table = view.run.table("grids")
    if table is None:
        return
    blind = unseen(view)
    off = table.loc[[name for name in table.index if name in indicators() and name not in blind], "relative"].dropna()
    far = off[off.abs() > FAR_OFF].sort_values(key=lambda part: -part.abs(), kind="stable")
    if far.empty and not blind:
        return
    objectives = {each.indicator for each in view.run.manifest.asked.objectives}
    far = far.loc[sorted(far.index, key=lambda name: name not in objectives)]
    parts = [
        words("first.off", indicator=named("indicator", str(name)), off=off_by(float(value)))
        for name, value in far.head(MOST_LISTED).items()
    ]
    cell = number(view.run.manifest.screening_grid.cell)
    text = "first.unseen" if not parts else "first.screening_both" if blind else "first.screening"
    yield Paragraph(words(text, cell=cell, parts=_list(parts), count=len(blind)), "warning")


def _scorecard(view: View) -> Iterator[Block]:
    table = view.run.table("scorecard")
    if table is None:
        return
    yield Paragraph(words("first.objectives"), "heading")
    objectives = {objective.id: objective for objective in view.run.manifest.asked.objectives}
    order = list(dict.fromkeys(table["objective"]))

    def draw(language: str) -> Any:
        rows = [TranslatedText.of(objectives[name].title).say(language) for name in order]
        heads = [in_words(view.name(name), language) for name in view.run.alternatives]
        verdicts = pd.DataFrame("none", index=rows, columns=heads)
        values = pd.DataFrame("–", index=rows, columns=heads)
        for row in table.to_dict("records"):
            at = (order.index(row["objective"]), view.run.alternatives.index(row["alternative"]))
            verdicts.iloc[at] = VERDICT[str(row["state"])]
            if np.isfinite(row["value"]):
                unit = str(row["unit"])
                values.iloc[at] = Amount(as_told(row["value"], unit), unit, places(row["value"], unit)).say(language)
        targets = {row["objective"]: (row["target"], row["unit"]) for row in table.to_dict("records")}
        return scorecard(
            _with_targets(verdicts, order, targets, language), values, Labels(words("first.scorecard").say(language))
        )

    yield Figure("scorecard", words("first.scorecard_caption"), draw)
    notes, unknown = limit_notes(view, [objectives[name].indicator for name in order]), unknown_cover_note(view)
    yield from _appended("first.objectives", (Paragraph(note, "item") for note in notes if note != unknown))


def _with_targets(verdicts: pd.DataFrame, order: list[str], targets: dict[str, Any], language: str) -> pd.DataFrame:
    texts = [Quantity(float(targets[name][0]), str(targets[name][1]), None).say(language) for name in order]
    verdicts.index = pd.Index(
        [
            f"{title}\n{words('first.target', target=text).say(language)}"
            for title, text in zip(verdicts.index, texts, strict=True)
        ]
    )
    return verdicts


def _list(texts: Any) -> TextList:
    return TextList(tuple(texts), ", ")
