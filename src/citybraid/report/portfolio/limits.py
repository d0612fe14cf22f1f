"""Limits that cannot be kept together: the smallest set in conflict, what each must give, and what is reached of all.

The page and the command line say the same sentences.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np

from citybraid.planning.rows import indicators
from citybraid.report.chapter import Quantity, Text, TextList, words
from citybraid.report.drawing.units import shown
from citybraid.report.portfolio.about import PERCENT, About
from citybraid.report.portfolio.floors import floor_gives
from citybraid.report.remarks.unseen import share_of
from citybraid.report.view import View


def limit_sentences(view: View) -> tuple[Text, ...]:
    """Return the sentences on limits in conflict; none where all targets can be met within the budget."""
    head = view.run.table("why")
    if head is None or head.empty:
        return ()
    return tuple(conflict_sentences(About.of(view, {str(name): head[name].iloc[0] for name in head})))


def conflict_sentences(about: About) -> Iterator[Text]:
    """Yield the smallest set of limits in conflict with what each must give, and what is reached of every target."""
    table = about.table("why_limits")
    if table.empty:
        return
    parts = [_give(about, row) for row in table[table["conflict"].astype(bool)].to_dict("records")]
    parts += floor_gives(about)
    if parts:
        yield words("why.conflict" if len(parts) > 1 else "why.beyond", parts=TextList(tuple(parts), "; "))
        kept = [_kept(about, row) for row in table.to_dict("records") if row.get("kept", False)]
        if kept:
            yield words("why.others_kept", parts=TextList(tuple(kept), "; "))
    eased = table[(table["indicator"] != "") & (table["shortfall"] > 0.0)].to_dict("records")
    if eased:
        yield words("why.eased", parts=TextList(tuple(_eased(about, row) for row in eased), "; "))


def _kept(about: About, row: Mapping[Hashable, Any]) -> Text:
    """Return a limit that stays where those in conflict give."""
    indicator = str(row["indicator"])
    if not indicator:
        return words("why.kept_budget", limit=about.money(float(row["value"])))
    limit = _shown(about, float(row["value"]), indicator)
    return words("why.kept_target", indicator=about.target(indicator, str(row["unit"])), limit=limit)


def _give(about: About, row: Mapping[Hashable, Any]) -> Text:
    """Return what a limit must give: alone, or beside others that must give as well."""
    indicator, alone = str(row["indicator"]), float(row["alone"])
    kind = "target" if indicator else "budget"
    able = bool(np.isfinite(alone))
    amount = alone if able else float(row["together"])
    values = {
        "indicator": about.target(indicator, str(row["unit"])) if indicator else "",
        "limit": _shown(about, float(row["value"]), indicator), "amount": _apart(about, amount, indicator),
    }  # fmt: skip
    return share_of(f"why.give_{kind}" if able else f"why.stuck_{kind}", amount / float(row["size"]), **values)


def _eased(about: About, row: Mapping[Hashable, Any]) -> Text:
    """Return what is reached of a target that was eased."""
    indicator, value, lack = str(row["indicator"]), float(row["value"]), float(row["shortfall"])
    reached = value + lack if indicators()[indicator].direction == "lower" else value - lack
    return words(
        "why.eased_target", indicator=about.target(indicator, str(row["unit"])),
        reached=_shown(about, reached, indicator), limit=_shown(about, value, indicator),
        lack=_apart(about, lack, indicator),
    )  # fmt: skip


def _shown(about: About, value: float, indicator: str) -> Text:
    """Return a value of an indicator as tables show it, or an amount of money."""
    return Quantity(value, about.view.unit_of(indicator)) if indicator else about.money(value)


def _apart(about: About, value: float, indicator: str) -> Text:
    """Return how far two values of an indicator are apart: two shares are so many percentage points."""
    if not indicator:
        return about.money(value)
    unit = about.view.unit_of(indicator)
    display = shown(unit)
    told_as_nothing = round(value * abs(display.factor), display.digits or 0) == 0.0
    return about.gain(value, indicator) if display.unit == PERCENT or told_as_nothing else Quantity(value, unit)
