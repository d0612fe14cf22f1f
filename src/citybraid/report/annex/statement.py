"""The statement for the review meeting: each number's light, its range, and whether the decision would change."""

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from citybraid.report.annex.content import Block, Part
from citybraid.report.annex.decisions import MET, Decision
from citybraid.report.annex.provenance import Codes
from citybraid.report.chapter import (
    SENTENCES,
    Column,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    TranslatedText,
    Unrepeated,
    cells,
    words,
)
from citybraid.report.drawing.units import brief, number, shown, significant
from citybraid.report.portfolio.about import About
from citybraid.report.portfolio.later import flip_blocks
from citybraid.report.portfolio.robust import robust_blocks
from citybraid.report.remarks.result_limits import flood_equations_note
from citybraid.report.view import View

PERCENT, LEAST_POINTS = "%", 0.1
"""The unit of shares, and the percentage points below which they are told with one significant digit."""
PRINTED = 5
"""Rows on the page of the statement; the workbook has all."""


def statement_part(codes: Codes, decisions: Sequence[Decision]) -> Part:
    """Return the statement, what matters most first."""
    view = codes.view
    if not decisions:
        return Part(words("annex.statement"), [Paragraph(words("annex.no_objectives"))])
    counts = {
        "turning": sum(bool(each.turns) for each in decisions), "total": len(decisions),
        "unknown": sum(each.turns is None for each in decisions),
        "outside": sum(each.light == "outside" for each in decisions),
        "unsure": sum(each.light == "unsure" for each in decisions), "chosen": view.name(codes.plan),
    }  # fmt: skip
    equations = flood_equations_note(view)
    paragraphs = [] if equations is None else [Paragraph(equations)]
    blocks: list[Block] = [Paragraph(words("annex.statement_text", **counts)), *turned_choice(view), *paragraphs]
    return Part(words("annex.statement"), [*blocks, statement_table(codes, decisions, printed=PRINTED)])


def turned_choice(view: View) -> Iterator[Paragraph]:
    """Yield in which climates another portfolio is better, and which inputs turn the choice; nothing where none does.

    The sentences are those of the report.
    """
    rows, flips, head = (view.run.table(name) for name in ("robust", "flips", "why"))
    if rows is not None and len(rows) and bool((rows["best"] > rows["chosen"]).any()):
        blocks = (each for each in robust_blocks(view) if isinstance(each, Paragraph) and each.kind != "heading")
        yield from (Paragraph(each.text) for each in blocks)
    if flips is None or head is None or head.empty or flips.empty or not flips["turn"].notna().any():
        return
    about = About.of(view, {str(name): head[name].iloc[0] for name in head})
    yield from (Paragraph(each.text) for each in flip_blocks(about) if isinstance(each, Paragraph))


def statement_table(codes: Codes, decisions: Sequence[Decision], *, printed: int | None = None) -> Table:
    """Return a row for each objective and alternative."""
    view = codes.view
    titles = {each.id: TranslatedText.of(each.title) for each in view.run.manifest.asked.objectives}
    frame = pd.DataFrame({
        "objective": cells(
            words("annex.of_alternative", objective=titles[each.objective], alternative=view.name(each.alternative))
            for each in decisions
        ),
        "value": cells(codes.say(each.value) for each in decisions),
        "target": cells(codes.say(each.target) for each in decisions),
        "state": cells(words(f"plan.{each.state}") for each in decisions),
        "light": cells(words(f"light.{each.light}") for each in decisions),
        "range": cells(_range(each) for each in decisions),
        "decision": cells(_decision(view, each) for each in decisions),
    })  # fmt: skip
    columns = [
        Column("objective", words("annex.objective_head")),
        Column("value", words("annex.value")), Column("target", words("plan.target")),
        Column("state", words("annex.state")), Column("light", words("annex_index.light")),
        Column("range", words("annex.range_head")), Column("decision", words("annex.decision_head")),
    ]  # fmt: skip
    note = words("annex.statement_note")
    return Table("annex_statement", words("annex.statement_table"), frame, columns, note, printed=printed)


def _range(each: Decision) -> Text:
    if each.span is None:
        return words("annex.range_unknown")
    unit = each.value.unit
    ends = [Quantity(significant(end, unit), unit) for end in each.span[:2]]
    return words(
        "annex.range_told", low=Unrepeated(*ends), high=ends[1], source=words(f"annex_range.{each.span.source}")
    )


def _decision(view: View, each: Decision) -> Text:
    """Return whether the decision changes within the range, and by how much the value must move for it to."""
    if not each.value.known:
        return words("annex.decision_missing")
    then = _then(view, each)
    if each.turns:
        return TextList((words("annex.turns"), then), SENTENCES)
    text = "annex.stays" if each.turns is False else "annex.margin_met" if each.state == MET else "annex.margin_missed"
    return TextList((words(text, change=_change(each)), then), SENTENCES)


def _then(view: View, each: Decision) -> Text:
    """Return what is recommended once the objective's state turned, or comes nearest where nothing is."""
    if each.instead:
        kind = "annex.then_instead" if each.recommended else "annex.then_nearest"
        return words(kind, other=view.name(each.instead))
    return words("annex.then_same" if each.recommended else "annex.then_none")


def _change(each: Decision) -> Text:
    """Return by how much a value must move to turn its objective: shares in percentage points, others relatively."""
    display = shown(each.value.unit)
    if display.unit == PERCENT:
        apart = abs(each.value.raw - each.target.raw) * display.factor
        return words("parties.points", points=number(apart, digits=1) if apart >= LEAST_POINTS else brief(apart, 1))
    return number(100.0 * each.margin, digits=1) + PERCENT if math.isfinite(each.margin) else "–"
