"""Equity floors in words: whom the portfolio serves with and without them, what they cost, and money that they bar."""

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.floor_repair import KEPT
from citybraid.report.chapter import Block, Column, Paragraph, Table, Text, TextList, cells, words
from citybraid.report.portfolio.about import About
from citybraid.report.view import named

POINT = 0.01
"""A percentage point [-]."""
SMALL, ROUNDING = 1e-6, 1e-9
"""Part of what the money gains below which a loss is none, and of a share that is rounding [-]."""
HIDDEN = 5e-4
"""Share that one decimal of a per cent hides [-]."""
PARTS = 0.01
"""Share by which the sum over units may differ from the whole area's change and still be its parts [-]."""


def floor_blocks(about: About) -> Iterator[Block]:
    """Yield each equity floor of the budget: what it does, what a percentage point more costs, what it bars."""
    for number, row in enumerate(about.table("why_floors").to_dict("records")):
        told = {"floor": floor_title(about, number, row), "indicator": about.name}
        if float(row["barred"]) > 0.0:
            yield Paragraph(_barred(about, row, told), "warning")
        elif float(row["lost"]) <= SMALL * abs(float(about.head["per_money"]) * float(about.head["budget"])):
            same = abs(float(row["served"]) - float(row["free"])) < HIDDEN or not np.isfinite(float(row["free"]))
            free = {} if same else {"free": _share(row["free"])}
            text = "why.floor_free" if same else "why.floor_tie"
            yield Paragraph(words(text, served=_share(row["served"]), **free, **told), "item")
        else:
            yield Paragraph(
                words(
                    "why.floor", served=_share(row["served"]), free=_share(row["free"]),
                    lost=about.gain(float(row["lost"])), more=about.gain(POINT * float(row["per_share"])), **told,
                ), "item",
            )  # fmt: skip
        yield from _placed(about, row)
        yield from _ran(about, number, row)


def floor_table(about: About) -> Iterator[Table]:
    """Yield each equity floor with its shares, the money that goes there and its price; nothing where there is none."""
    rows = about.table("why_floors")
    if rows.empty:
        return
    records = rows.to_dict("records")
    shares = {name: 100.0 * rows[name].to_numpy(dtype=float) for name in ("share", "served", "placed", "free")}
    frame = pd.DataFrame(
        {
            "units": cells(floor_units(about, number) for number in range(len(records))),
            "what": cells(_what(row) for row in records), **shares,
            **{name: rows.get(name, rows["lost"] * np.nan).to_numpy(dtype=float) for name in ("money", "missing")},
            "lost": cells(about.gain(float(row["lost"])) for row in records),
            "point": cells(about.gain(POINT * float(row["per_share"])) for row in records),
        }
    )  # fmt: skip
    columns = [
        Column("units", words("why.floor_whom")), Column("what", words("why.floor_what")),
        Column("share", words("why.floor_share"), "%", 1), Column("served", words("why.floor_counted"), "%", 1),
        Column("placed", words("why.floor_built"), "%", 1), Column("free", words("why.floor_without"), "%", 1),
        Column("money", words("why.floor_money"), about.view.money()),
        Column("missing", words("why.floor_missing"), about.view.money()),
        Column("lost", words("why.floor_lost")), Column("point", words("why.floor_point")),
    ]  # fmt: skip
    note = words("why.floors_note", indicator=about.name)
    yield Table("why_floors", words("why.floors_table"), frame, columns, note, appendix=True)


def floor_gives(about: About) -> Iterator[Text]:
    """Yield what each floor of a conflict must give: the share that it would have to fall to."""
    for number, row in enumerate(about.table("why_floors").to_dict("records")):
        if not bool(row["conflict"]):
            continue
        alone = float(row["alone"])
        able = bool(np.isfinite(alone))
        left = float(row["share"]) - (alone if able else float(row["together"]))
        yield words(
            "why.give_floor" if able else "why.stuck_floor", floor=floor_title(about, number, row), left=_down(left)
        )


def bars_money(about: About) -> bool:
    """Return whether an equity floor keeps money from being spent, so that nothing left to build is not why."""
    table = about.table("why_floors")
    return bool(len(table) and (table["barred"] > 0.0).any())


def floor_title(about: About, number: int, row: Mapping[Hashable, Any]) -> Text:
    """Return a floor in words: its share of what, and for whom."""
    told = {"share": percent(float(row["share"])), "what": _what(row), "units": floor_units(about, number)}
    return words("why.floor_title", **told)


def _what(row: Mapping[Hashable, Any]) -> Text:
    """Return what a floor shares out."""
    if not row["indicator"]:
        return words("why.floor_spending")
    return words("why.floor_gain", indicator=named("indicator", str(row["indicator"])))


def floor_units(about: About, number: int) -> Text:
    """Return the planning units of a floor, with the share of their people who count where that is not all."""
    parts = tuple(
        about.zone(unit) if weight >= 1.0 else words("why.floor_unit", zone=about.zone(unit), share=percent(weight))
        for unit, weight in _weights(about, number).items()
    )
    return TextList(parts, ", ")


def _weights(about: About, number: int) -> Mapping[str, float]:
    budget = about.view.run.manifest.asked.budget
    return {} if budget is None else budget.floors[number].units


def _barred(about: About, row: Mapping[Hashable, Any], told: Mapping[str, Any]) -> Text:
    """Return that a floor leaves money unspent, and the share at which all of it could be spent."""
    possible, rest = float(row["possible"]), about.money(float(row["barred"]))
    return words("why.floor_bars", rest=rest, possible=_down(possible), lost=about.gain(float(row["lost"])), **told)


def percent(share: float) -> str:
    """Return a share in percents with at most one decimal: floors are agreed in such."""
    return f"{round(100.0 * share, 1):g}%"


def _down(share: float) -> str:
    """Return a share that can be kept, never rounded up."""
    return f"{math.floor(1000.0 * share + ROUNDING) / 10.0:g}%"


def _share(value: float) -> Text:
    return percent(float(value)) if np.isfinite(value) else words("why.floor_nothing")


def _placed(about: About, row: Mapping[Hashable, Any]) -> Iterator[Block]:
    """Yield the share of the money as measures of whole buildings and cells are placed, where it is another."""
    placed, asked = float(row["placed"]), float(row["share"])
    short = placed < asked - KEPT
    if not np.isfinite(placed) or (abs(placed - float(row["served"])) < POINT / 2 and not short):
        return
    text = "why.floor_placed_short" if short else "why.floor_placed"
    told: dict[str, Any] = {"placed": percent(placed), "asked": percent(asked)}
    if short:
        told["missing"] = about.money(float(row["missing"]))
    yield Paragraph(words(text, **told), "warning" if short else "item")


def _ran(about: About, number: int, row: Mapping[Hashable, Any]) -> Iterator[Block]:
    """Yield the share of a gain as the run of the portfolio has it, where units' changes are the whole's parts."""
    rerun, indicator = about.table("rerun"), str(row["indicator"])
    if not indicator or rerun.empty:
        return
    rows = rerun[rerun["indicator"] == indicator].set_index("unit")["computed"].astype(float)
    units = rows.drop(WHOLE_AREA, errors="ignore").fillna(0.0)
    whole = float(rows.get(WHOLE_AREA, np.nan))
    if not np.isfinite(whole) or whole == 0.0 or abs(float(units.sum()) - whole) > PARTS * abs(whole):
        return
    served = sum(weight * float(units.get(unit, 0.0)) for unit, weight in _weights(about, number).items()) / whole
    text = "why.floor_ran" if served >= float(row["share"]) - POINT / 2 else "why.floor_ran_short"
    yield Paragraph(
        words(text, ran=percent(served), asked=percent(float(row["share"]))),
        "item" if text == "why.floor_ran" else "warning",
    )  # fmt: skip
