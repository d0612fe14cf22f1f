"""Why this portfolio: in a few sentences, and its tables in the appendix."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import SENTENCES, Block, Paragraph, Quantity, Text, TextList, words
from citybraid.report.portfolio.about import About
from citybraid.report.portfolio.floors import bars_money, floor_blocks
from citybraid.report.portfolio.later import flip_blocks, milestone_blocks, phase_blocks
from citybraid.report.portfolio.limits import conflict_sentences
from citybraid.report.portfolio.parcels import parcel_blocks
from citybraid.report.portfolio.why_appendix import placed_costs, unspent, why_appendix
from citybraid.report.view import View, measure_title, measure_unit

LISTED = 3
"""Purchases and measures named in sentences; tables hold all."""
ALIKE = 0.005
"""Share by which prices of units may differ and still be told as one."""
ROUNDING = 1e-9
"""Share of an indicator that is nothing [-]."""
APART = 0.002
"""Share by which the sum that the choice counted may differ from that of the placed measures untold [-]."""


def why_blocks(view: View) -> Iterator[Block]:
    """Yield the section; nothing for a run without it."""
    head = view.run.table("why")
    if head is None or head.empty:
        return
    about = About.of(view, {str(name): head[name].iloc[0] for name in head})
    yield Paragraph(words("why.title"), "heading")
    yield from (Paragraph(sentence, "warning") for sentence in conflict_sentences(about))
    yield from floor_blocks(about)
    yield from _edge(about)
    yield from _contrast(about)
    yield from _next(about)
    yield from _displaced(about)
    yield from _counted(about)
    yield from parcel_blocks(about)
    yield from phase_blocks(about)
    yield from milestone_blocks(about)
    yield from flip_blocks(about)
    yield from why_appendix(about)


def _edge(about: About) -> Iterator[Block]:
    """Tell what more money is worth, and what one more of the goal costs: in the city, and in its units."""
    per_money = float(about.head["per_money"])
    if _used_up(about):
        yield Paragraph(words("why.used_up", indicator=about.name))
        return
    if per_money <= 0.0 and bars_money(about):
        return
    if per_money <= 0.0:
        yield Paragraph(words("why.left", indicator=about.name))
        return
    one = about.one(1.0 / per_money)
    yield Paragraph(
        words("why.edge", indicator=about.name, one=about.step(one), price=about.money(one.value / per_money)), "item"
    )
    units = about.table("why_units")
    able = units[units["cost"].notna() & (units["left"] >= one.value)] if len(units) else units
    open_units = able.sort_values("cost", kind="stable") if len(able) else able
    if len(open_units) > 1:
        yield Paragraph(_in_units(about, one, open_units), "item")
    limits = about.table("why_limits")
    for row in limits[(limits["indicator"] != "") & (limits["price"] > 0.0)].to_dict("records"):
        unit_of_target = about.one(float(row["price"]), str(row["indicator"]))
        yield Paragraph(
            words(
                "why.target_price", target=about.target(str(row["indicator"]), str(row["unit"])),
                one=about.step(unit_of_target), price=about.money(unit_of_target.value * float(row["price"])),
                lost=about.gain(unit_of_target.value * float(row["goal_cost"])), indicator=about.name,
            ), "item",
        )  # fmt: skip


def _used_up(about: About) -> bool:
    """Return whether the run of the portfolio leaves 0 of what is to become less, as no flooded area at all.

    The choice adds shares of effects, and would still promise to lower it.
    """
    rerun = about.table("rerun")
    if rerun.empty or float(about.head.get("direction", 0)) >= 0.0:
        return False
    row = rerun[(rerun["indicator"] == about.indicator) & (rerun["unit"] == WHOLE_AREA)]
    if row.empty:
        return False
    base, change = (float(row[name].iloc[0]) for name in ("base", "computed"))
    return base > 0.0 and abs(base + change) <= ROUNDING * base


def _in_units(about: About, one: Quantity, units: pd.DataFrame) -> Text:
    """Return the price of one more of the goal in the cheapest and the dearest of units, ordered by it."""
    cheap, dear = units.iloc[0], units.iloc[-1]
    low = about.money(one.value * float(cheap["cost"]))
    if float(dear["cost"]) <= (1.0 + ALIKE) * float(cheap["cost"]):
        return words("why.units_same", one=about.step(one), low=low)
    return words(
        "why.units", one=about.step(one), low=low, cheap=about.zone(cheap["unit"]),
        high=about.money(one.value * float(dear["cost"])), dear=about.zone(dear["unit"]),
    )  # fmt: skip


def _contrast(about: About) -> Iterator[Block]:
    """Tell for the measure that is built to the full in one unit and not at all in another, why."""
    table = about.table("why_cells")
    table = table.assign(per_money=table["gain"] / table["cost"].where(table["cost"] > 0.0))
    built, dear = (table[(table["reason"] == reason) & (table["gain"] > 0.0)] for reason in ("full", "dear"))
    both = [name for name in dict.fromkeys(built["measure"]) if name in set(dear["measure"])]
    if not both or float(about.head["per_money"]) <= 0.0:
        return
    spent = {name: float((built["cost"] * built["adoption"])[built["measure"] == name].sum()) for name in both}
    name = max(both, key=lambda each: (spent[each], each))
    best = built[built["measure"] == name].sort_values("per_money", kind="stable").iloc[-1]
    worst = dear[dear["measure"] == name].sort_values("per_money", kind="stable").iloc[0]
    amount = float(about.head["amount"])
    yield Paragraph(
        words(
            "why.contrast", measure=measure_title(str(name)), amount=about.money(amount), indicator=about.name,
            here=about.zone(str(best["unit"])), there=about.zone(str(worst["unit"])),
            high=about.gain(amount * float(best["per_money"])), low=about.gain(amount * float(worst["per_money"])),
            edge=about.gain(amount * float(about.head["per_money"])),
        ), "item",
    )  # fmt: skip


def _next(about: About) -> Iterator[Block]:
    """Tell what the next money would buy; nothing where nothing is left to improve, which is told already."""
    if _used_up(about):
        return
    table, amount = about.table("why_next"), about.money(float(about.head["amount"]))
    more, less = (table[table["quantity"] > 0.0], table[table["quantity"] < 0.0]) if len(table) else (table, table)
    if more.empty:
        text = "why.next_barred" if bars_money(about) else "why.next_nothing"
        yield Paragraph(words(text, amount=amount), "item")
        return
    parts = _purchases(about, more.head(LISTED))
    rest = len(more) - len(parts.parts)
    text = "why.next_more" if rest else "why.next"
    gain = about.gain(float(about.head["gain"]))
    sentence: Text = words(text, amount=amount, parts=parts, rest=rest, indicator=about.name, gain=gain)
    if not less.empty:
        sentence = TextList((sentence, words("why.next_instead", parts=_purchases(about, less))), SENTENCES)
    yield Paragraph(sentence, "item")


def _purchases(about: About, rows: pd.DataFrame) -> TextList:
    """Return measures in units with quantity and cost, those that are given up as much as those that are bought."""
    parts = tuple(
        words(
            "why.purchase", measure=measure_title(str(row["measure"])), zone=about.zone(str(row["unit"])),
            quantity=about.amount(abs(float(row["quantity"])), _price_unit(about, str(row["measure"]))),
            cost=about.money(abs(float(row["cost"]))),
        )
        for row in rows.to_dict("records")
    )  # fmt: skip
    return TextList(parts, "; ")


def _price_unit(about: About, measure: str) -> str:
    choice = about.view.run.choice
    unit = choice.prices[measure].unit if choice is not None and measure in choice.prices else ""
    return measure_unit(measure, unit)


def _displaced(about: About) -> Iterator[Block]:
    """Tell of the measures that serve the goal most what it would lose without them, and what came next."""
    table = about.table("why_measures")
    rows = table[table["lost"] > 0.0].head(LISTED) if len(table) else table
    placed = placed_costs(about)
    parts = []
    for row in rows.to_dict("records"):
        instead = [measure_title(name) for name in str(row["instead"]).split()][:LISTED]
        rest = unspent(row) if instead else 0.0
        told: dict[str, Any] = {"instead": TextList(tuple(instead), ", ")} if instead else {}
        if rest:
            told["rest"] = about.money(rest)
        parts.append(
            words(
                "why.without_rest" if rest else "why.without" if instead else "why.without_none",
                measure=measure_title(str(row["measure"])), lost=about.gain(float(row["lost"])),
                cost=about.money(placed.get(str(row["measure"]), float(row["cost"]))), **told,
            )
        )  # fmt: skip
    if parts:
        text = "why.displaced_placed" if placed else "why.displaced"
        sentence: Text = words(text, indicator=about.name, parts=TextList(tuple(parts), "; "))
        idle = _idle(about, [str(name) for name in rows["measure"]])
        if idle:
            names = TextList(tuple(measure_title(name) for name in idle), ", ")
            text = "why.serves_floors" if len(about.table("why_floors")) else "why.serves_others"
            others = words(text, measures=names, count=len(idle), indicator=about.name)
            sentence = TextList((sentence, others), SENTENCES)
        yield Paragraph(sentence, "item")
    missed = [
        words(
            "why.missed", measure=measure_title(str(row["measure"])),
            target=about.target(str(row["indicator"]), str(row["unit"])),
            lack=about.gain(float(row["missed"]), str(row["indicator"])),
        )
        for row in about.table("why_missed").to_dict("records")
    ]  # fmt: skip
    if missed:
        yield Paragraph(words("why.missing", parts=TextList(tuple(missed), "; ")), "item")


def _idle(about: About, names: list[str]) -> list[str]:
    """Return those of some measures that gain nothing of the goal in any unit: other targets need them."""
    cells = about.table("why_cells")
    if cells.empty:
        return []
    gain = cells.groupby("measure")["gain"].max()
    return [name for name in names if name in gain and float(gain[name]) <= 0.0]


def _counted(about: About) -> Iterator[Block]:
    """Tell that years and parcels share out what the choice counted, where the measures cost another sum as placed."""
    works, units = about.table("phases"), about.table("parcel_money_units")
    cells, placed = about.table("why_cells"), placed_costs(about)
    if cells.empty or not placed or (works.empty and units.empty):
        return
    used = cells[cells["measure"].isin(placed)]
    counted, cost = float((used["adoption"] * used["cost"]).sum()), sum(placed.values())
    if abs(counted - cost) > APART * cost:
        yield Paragraph(words("why.counted", counted=about.money(counted), placed=about.money(cost)), "item")
