"""Low carbon, resilience and biodiversity in the annex: a clause for each instrument, and what was not computed."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from citybraid.planning.rows import Indicator, controls, indicators
from citybraid.report.annex.content import Block, Clause, Part
from citybraid.report.annex.general import sign
from citybraid.report.annex.lacking import first_need, is_blank, needed
from citybraid.report.annex.provenance import CHECKED, Codes, Value
from citybraid.report.chapter import Column, Paragraph, Sentence, Table, Text, TextList, cells, in_words, words
from citybraid.report.remarks.citing import with_status
from citybraid.report.remarks.result_limits import flood_equations_note
from citybraid.report.view import View, named

STRANDS = ("lowcarbon", "resilience", "biodiversity")
KEYED = "en"
"""Language in which needs are compared."""
STATED = ("master", "detailed")
"""Levels whose indicators are clauses; those of evaluation are a table of the chapter on implementation."""


def strand_parts(codes: Codes) -> Iterator[Part]:
    """Yield a part for each strand."""
    for strand in STRANDS:
        equations = flood_equations_note(codes.view) if strand == "resilience" else None
        paragraphs = [] if equations is None else [Paragraph(equations)]
        blocks: list[Block] = [*paragraphs, *_instruments(codes, strand), *_missing(codes, strand)]
        yield Part(words(f"annex.{strand}"), blocks)


def _computed(codes: Codes) -> frozenset[str]:
    tables = codes.unit_tables
    return frozenset(name for name in indicators() if any(name in table for table in tables.values()))


def _instruments(codes: Codes, strand: str) -> Iterator[Clause]:
    known, groups = _computed(codes), dict[str, list[Indicator]]()
    for row in indicators().values():
        if row.strand == strand and row.id in known and row.level in STATED and row.instrument:
            groups.setdefault(row.instrument, []).append(row)
    for instrument, rows in groups.items():
        yield _instrument(codes, instrument, rows)
    if not groups:
        yield Clause(words("annex.nothing_head"), words("annex.nothing"), reason=words("annex.nothing_why"))


def _instrument(codes: Codes, instrument: str, rows: Sequence[Indicator]) -> Clause:
    view, where = codes.view, codes.plan
    targets = {each.indicator: each.id for each in view.run.manifest.asked.objectives}
    values: list[Value] = []
    items: list[Text] = []
    for row in rows:
        now, then = codes.indicator(row.id, view.base), codes.indicator(row.id, where)
        values += [now, then]
        parts: dict[str, object] = {
            "indicator": Sentence(named("indicator", row.id)), "now": codes.say(now), "then": codes.say(then),
            "base": view.name(view.base), "chosen": view.name(where),
        }  # fmt: skip
        if row.id in targets:
            target = codes.target(targets[row.id])
            items.append(words("annex.item_target", **parts, sign=sign(row.id), target=codes.say(target)))
        elif where == view.base:
            items.append(words("annex.item_base", **parts))
        else:
            items.append(words("annex.item", **parts))
    name = named("instrument", instrument)
    bound = any(row.id in targets for row in rows)
    kind = "_bound" if bound else "_parcels" if limited(codes) & {row.reading.var for row in rows} else ""
    text = words(f"annex.instrument{kind}")
    return Clause(name, text, tuple(items), _why(rows), tuple(values))


def limited(codes: Codes) -> frozenset[str]:
    """Return the quantities of which parcels have limits that were checked."""
    rows = codes.control_rows(codes.plan)
    checked = {name for (_, name), row in rows.items() if row["state"] in CHECKED["checked"]}
    readings = (controls()[name].reading for name in checked)
    return frozenset(reading.var for reading in readings if reading is not None)


def _why(rows: Sequence[Indicator]) -> Text:
    """Return the sources of some indicators, with their status."""
    sources = dict.fromkeys((row.source, row.status) for row in rows if row.source)
    if not sources:
        return words("annex.instrument_why")
    parts = (with_status(source, status) for source, status in sources)
    return words("annex.instrument_sources", sources=TextList(tuple(parts), "; "))


def _missing(codes: Codes, strand: str) -> Iterator[Clause]:
    """Yield what was not computed, with what it needs."""
    view, known = codes.view, _computed(codes)
    lacking = {name: need for each in view.run.manifest.lacking.values() for name, need in each.items()}
    rows = [row for row in indicators().values() if row.strand == strand and row.id not in known]
    items = _lacks(view, {row.id: first_need(lacking, row.id) for row in rows if row.id in lacking})
    if items:
        yield Clause(words("annex.missing_head"), words("annex.missing_text"), items, words("annex.missing_why"))


def _lacks(view: View, lacking: Mapping[str, str]) -> tuple[Text, ...]:
    """Return what indicators lack, those that lack the same as one item: data, or a place that a model could compute.

    `lacking` is the quantity that each lacks, by its id.
    """
    groups: dict[str, list[str]] = {}
    needs: dict[str, Text | None] = {}
    for name, need in lacking.items():
        text = None if is_blank(view, need) else needed(view, need)
        key = "" if text is None else in_words(text, KEYED)
        needs[key] = text
        groups.setdefault(key, []).append(name)
    return tuple(_lack(names, needs[key]) for key, names in groups.items())


def _lack(indicators_lacking: Sequence[str], need: Text | None) -> Text:
    what = TextList(tuple(Sentence(named("indicator", name)) for name in indicators_lacking), "; ")
    if need is None:
        return words("annex.missing_blank", what=what)
    return words("annex.missing", what=what, needs=need)


def evaluation_table(codes: Codes) -> Table | None:
    """Return the indicators that are watched in evaluation, in the base and in the alternative of the annex."""
    view, where, known = codes.view, codes.plan, _computed(codes)
    rows = [row for row in indicators().values() if row.id in known and row.level not in STATED]
    if not rows:
        return None
    frame = pd.DataFrame({
        "indicator": cells(Sentence(named("indicator", row.id)) for row in rows),
        "now": cells(codes.say(codes.indicator(row.id, view.base)) for row in rows),
        "then": cells(codes.say(codes.indicator(row.id, where)) for row in rows),
        "instrument": cells(named("instrument", row.instrument) if row.instrument else "–" for row in rows),
    })  # fmt: skip
    columns = [
        Column("indicator", words("plan.indicator")), Column("now", view.name(view.base)),
        Column("then", view.name(where)), Column("instrument", words("plan.instrument")),
    ]  # fmt: skip
    if where == view.base:
        columns.pop(2)
    return Table("annex_evaluation", words("annex.evaluation_table"), frame, columns)
