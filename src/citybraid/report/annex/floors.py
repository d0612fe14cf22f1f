"""Equity floors as a clause of the annex: who is served, by how much, and what it costs."""

import math
from collections.abc import Iterator, Mapping

from citybraid.integrate.choose.floor_repair import KEPT
from citybraid.report.annex.content import Clause
from citybraid.report.annex.provenance import Codes, Value
from citybraid.report.chapter import Text, words
from citybraid.report.portfolio.about import About
from citybraid.report.portfolio.floors import SMALL, floor_units
from citybraid.report.view import named


def floors(codes: Codes) -> Iterator[Clause]:
    """Yield what each equity floor of the portfolio does; nothing where the budget asks for none."""
    head = codes.table("why")
    if not codes.floors or head is None or codes.portfolio is None:
        return
    about = About.of(codes.view, {str(key): each for key, each in head.iloc[0].items()})
    items: list[Text] = []
    values: list[Value] = []
    for number, row in enumerate(codes.floors):
        part = {name: codes.floor(number, name) for name in ("share", "free", "lost")}
        gain = str(row["indicator"])
        part["reached"] = codes.floor(number, "served" if gain else "placed")
        if not gain:
            part["money"] = codes.floor(number, "money")
        short, barred = codes.floor(number, "missing"), codes.floor(number, "barred")
        stated: dict[str, Text] = {
            "units": floor_units(about, number), "asked": codes.say(part["share"]),
            "indicator": named("indicator", gain) if gain else "", "reached": codes.say(part["reached"]),
            "free": codes.say(part["free"]), "price": _price(codes, about, part["lost"]),
        }  # fmt: skip
        if not gain:
            stated["money"] = codes.say(part["money"])
        items.append(words("annex.floor_gain" if gain else "annex.floor_spending", **stated))
        values += part.values()
        asked, placed = float(row["share"]), float(row["placed"])
        more: Mapping[str, tuple[Value, bool]] = {
            "annex.floor_missed": (short, math.isfinite(placed) and placed < asked - KEPT),
            "annex.floor_barred": (barred, float(row["barred"]) > 0.0),
        }
        for text, (value, told) in more.items():
            if told:
                items.append(words(text, number=number + 1, money=codes.say(value)))
                values.append(value)
    lead = words("annex.floors", chosen=codes.view.name(codes.portfolio), count=len(codes.floors))
    yield Clause(words("annex.floors_head"), lead, tuple(items), words("annex.floors_why"), tuple(values))


def _price(codes: Codes, about: About, lost: Value) -> Text:
    """Return what the goal loses to a floor, a difference of shares in percentage points, with its code."""
    codes.note(lost)
    if abs(lost.raw) <= SMALL * abs(float(about.head["per_money"]) * float(about.head["budget"])):
        return words("annex.floor_no_price", indicator=about.name, code=lost.code)
    return words("annex.floor_price", indicator=about.name,
                 lost=words("annex.coded", value=about.gain(lost.amount), code=lost.code))  # fmt: skip
