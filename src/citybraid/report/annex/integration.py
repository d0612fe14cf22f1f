"""Integration in the annex: alternatives, measures, costs and benefits, and goals that pull apart."""

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from citybraid.planning.recommendation import standings
from citybraid.report.annex.content import Block, Clause, Part
from citybraid.report.annex.floors import floors
from citybraid.report.annex.money import parties
from citybraid.report.annex.provenance import PARTS, TOTALS, Codes, Value
from citybraid.report.annex.synergy import synergy
from citybraid.report.chapter import Column, Quantity, Table, Text, TextList, TranslatedText, cells, words
from citybraid.report.drawing.units import SYSTEM, plain_places, shown
from citybraid.report.remarks.chain_links import link_text
from citybraid.report.view import measure_title, named

PAYBACK = "payback"
COUNTED = frozenset({"count", "1"})
"""Units of what is counted, such as trees."""


def integration(codes: Codes) -> Part:
    """Return the part that brings the strands together."""
    return Part(words("annex.integration"), [
        *_measures(codes), *synergy(codes), *_costs(codes), *parties(codes), *floors(codes), *_conflicts(codes),
    ])  # fmt: skip


def _measures(codes: Codes) -> Iterator[Block]:
    view, where = codes.view, codes.plan
    rows = [name for each, name in codes.costs if each == where]
    alternative = view.run.manifest.asked.alternatives.get(where)
    free = [] if alternative is None else [use.measure for use in alternative.measures if use.measure not in rows]
    head = words("annex.measures_head")
    if not rows and not free:
        yield Clause(head, words("annex.no_measures", chosen=view.name(where)), reason=words("annex.measures_why"))
        return
    items: list[Text] = [words("annex.measure_free", measure=measure_title(name)) for name in free]
    values: list[Value] = []
    for name in rows:
        quantity, _, present = (codes.measure(name, where, part) for part in PARTS)
        values += [quantity, present]
        parts = {"measure": measure_title(name), "quantity": codes.say(quantity), "cost": codes.say(present)}
        items.append(words("annex.measure", **parts))
    assumed = any(bool(codes.costs[where, name]["assumed"]) for name in rows)
    text = words("annex.measures_assumed" if assumed else "annex.measures", chosen=view.name(where))
    yield Clause(head, text, tuple(items), words("annex.measures_why"), tuple(values))
    yield from _by_unit(codes)


def _by_unit(codes: Codes) -> Iterator[Table]:
    """Yield what the portfolio takes in each unit, where the annex is written for the portfolio."""
    view, table = codes.view, codes.table("installed")
    alternative = view.run.manifest.asked.alternatives.get(codes.plan)
    if table is None or alternative is None or not alternative.portfolio:
        return
    zones = [str(zone) for zone in table.index if str(zone) in codes.zones]
    values = {str(name): [codes.installed(str(name), zone) for zone in zones] for name in table.columns}
    taken = {name: notes for name, notes in values.items() if any(each.amount for each in notes)}
    if not zones or not taken:
        return
    amounts = {name: [codes.note(each).amount for each in notes] for name, notes in taken.items()}
    frame = pd.DataFrame({"zone": cells(unit_name(codes, zone) for zone in zones), **amounts})
    columns = [Column("zone", words("plan.unit"))]
    for name, (first, *_) in taken.items():
        unit = "" if first.unit in COUNTED else first.unit
        head = words("annex.column", what=measure_title(name), code=first.code.rpartition("-")[0])
        columns.append(Column(name, head, unit, column_decimals(frame[name], first.unit)))
    yield Table("annex_installed", words("measures.installed"), frame, columns, words("annex.units_note"))


def column_decimals(amounts: pd.Series, unit: str) -> int | None:
    """Return the decimals of a column: None for those of its unit, else those that four significant digits need."""
    if unit in COUNTED:
        return 0
    known = shown(unit, SYSTEM).digits is not None
    return None if known else plain_places(amounts.dropna().to_numpy(float))


def unit_name(codes: Codes, zone: str) -> Text:
    """Return the number and the name of a unit."""
    names = codes.view.column(codes.view.base, "unit_name")
    name = zone if names is None else str(names.get(zone, zone))
    return TextList((f"{codes.zones[zone]:02d}", name), " ")


def _costs(codes: Codes) -> Iterator[Block]:
    view = codes.view
    if codes.table("appraisal") is None:
        head, text = words("annex.costs_head"), words("annex.no_costs")
        yield Clause(head, text, reason=words("annex.costs_why"))
        return
    where = codes.plan
    life = codes.never_pays(where)
    never = math.isfinite(life)
    values = tuple(codes.total(name, where) for name in TOTALS if not (never and name == PAYBACK))
    unpriced = _unpriced(codes, where)
    if unpriced and not any(each.known for each in values):
        text = words("annex.costs_unpriced", chosen=view.name(where), measures=TextList(unpriced, ", "))
        yield Clause(words("annex.costs_head"), text, reason=words("annex.costs_why"))
        return
    items = tuple(words("annex.counted", what=each.title, value=codes.say(each)) for each in values)
    if never:
        items += (words("annex.no_payback", life=Quantity(life, "year", 1)),)
    against = codes.compared_with(where)
    names = {"chosen": view.name(where), "against": view.name(against)} if against else {"chosen": view.name(where)}
    yield Clause(words("annex.costs_head"), words("annex.costs_against" if against else "annex.costs", **names), items,
                 words("annex.costs_why"), values)  # fmt: skip


def _unpriced(codes: Codes, alternative: str) -> tuple[Text, ...]:
    """Return the measures of an alternative that have no price."""
    rows = [(name, row) for (where, name), row in codes.costs.items() if where == alternative]
    return tuple(measure_title(name) for name, row in rows if not math.isfinite(float(row["present"])))


def totals_table(codes: Codes) -> Table | None:
    """Return what every alternative costs and saves, with codes."""
    view = codes.view
    if codes.table("appraisal") is None:
        return None
    names = view.run.alternatives
    values = {name: [codes.note(codes.total(name, each)) for each in names] for name in TOTALS}
    frame = pd.DataFrame({
        "alternative": cells(
            words("annex.column", what=view.name(each), code=f"E{codes.number(each)}") for each in names
        ),
        **{name: cells(_plain(codes, name, row, names)) for name, row in values.items()},
    })  # fmt: skip
    columns = [
        Column("alternative", words("verdict.alternative")),
        *(
            Column(name, words("annex.column", what=words(f"annex_total.{name}"), code=f"{at:02d}"))
            for at, name in enumerate(TOTALS, 1)
        ),
    ]  # fmt: skip
    return Table("annex_totals", words("annex.totals_table"), frame, columns, words("annex.totals_note"))


def _plain(codes: Codes, name: str, values: Sequence[Value], alternatives: Sequence[str]) -> Iterator[Text]:
    """Yield the values of a column; measures that do not pay back within their life say so."""
    for value, alternative in zip(values, alternatives, strict=True):
        life = codes.never_pays(alternative) if name == PAYBACK else math.nan
        yield words("annex.never_pays", life=Quantity(life, "year", 1)) if math.isfinite(life) else value.plain


def _conflicts(codes: Codes) -> Iterator[Clause]:
    """Yield the objectives that the alternative takes further from their targets, and missing links of the chain."""
    view, where = codes.view, codes.plan
    score = codes.table("scorecard")
    by_id = {each.id: each for each in view.run.manifest.asked.objectives}
    worse: tuple[str, ...] = ()
    if score is not None and where != view.base:
        worse = next((each.worse for each in standings(score, view.base) if each.alternative == where), ())
    values, items = list[Value](), list[Text]()
    for name in worse:
        now, then = (codes.indicator(by_id[name].indicator, each) for each in (view.base, where))
        values += [now, then]
        parts: dict[str, object] = {
            "objective": TranslatedText.of(by_id[name].title), "indicator": named("indicator", by_id[name].indicator),
            "now": codes.say(now), "then": codes.say(then),
        }  # fmt: skip
        items.append(words("annex.worse", **parts))
    items += [link_text(view, link) for link in view.run.manifest.chain]
    text = words("annex.conflicts" if items else "annex.no_conflicts", base=view.name(view.base))
    yield Clause(words("annex.conflicts_head"), text, tuple(items), words("annex.conflicts_why"), tuple(values))
