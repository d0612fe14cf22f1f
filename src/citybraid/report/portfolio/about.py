"""What the section on the portfolio speaks of: its goal, the money, planning units by name."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Quantity, Text, TranslatedText, UnitName, words
from citybraid.report.drawing.units import COUNTS, brief, few_digits, label, shown, significant
from citybraid.report.view import LANGUAGES, View, named

PERCENT = "%"
DIGITS = 3
"""Significant digits of a marginal value."""


def decimals(shown_value: float) -> int | None:
    """Return the decimals that show an amount with the digits of a marginal value; None from 1 to 100."""
    size = abs(shown_value)
    if size >= 10.0 ** (DIGITS - 1):
        return 0
    return DIGITS - 1 - math.floor(math.log10(size)) if 0.0 < size < 1.0 else None


class About:
    """The run's view with the goal, how it is named, and the money spoken of."""

    def __init__(self, view: View, head: Mapping[str, Any], zones: Mapping[str, str]) -> None:
        self.view, self.head, self.zones = view, head, zones
        self.indicator = str(head["indicator"])
        self.name = named("indicator", self.indicator)
        self.unit = view.unit_of(self.indicator)

    @classmethod
    def of(cls, view: View, head: Mapping[str, Any]) -> "About":
        """Return it for a run and the head of its tables."""
        names = view.column(view.base, "unit_name")
        return cls(view, head, {} if names is None else {str(key): str(name) for key, name in names.items()})

    @property
    def unit_name(self) -> Text:
        """Return the name of the goal's unit as heads of columns have it in brackets, which are never empty."""
        return UnitName(self.unit) if label(self.unit, "en") else words("why.no_unit")

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the section; without rows where the run has none."""
        frame = self.view.run.table(name)
        return pd.DataFrame() if frame is None else frame

    def zone(self, unit: str) -> Text:
        """Return the name of a planning unit, or that of the whole area."""
        return words("why.everywhere") if unit == WHOLE_AREA else self.zones.get(unit, unit)

    def target(self, indicator: str, unit: str) -> Text:
        """Return the name of a target's indicator, with its planning unit where it is one's."""
        name = named("indicator", indicator)
        return name if unit == WHOLE_AREA else words("why.target_in", target=name, zone=self.zone(unit))

    def money(self, value: float) -> Quantity:
        """Return an amount of money."""
        return Quantity(value, self.view.money())

    def gain(self, value: float, indicator: str | None = None) -> Text:
        """Return an amount of the goal, or of another indicator; a count below a half is less than 1, not 0."""
        unit = self.unit if indicator is None else self.view.unit_of(indicator)
        rounded = significant(value, unit, DIGITS)
        if unit in COUNTS and rounded == 0.0 and value > 0.0:
            return words("why.below_one", one=Quantity(1.0, unit))
        if shown(unit).unit == PERCENT:
            return self.points(rounded, unit)
        return Quantity(rounded, unit, None if unit in COUNTS else decimals(rounded * shown(unit).factor))

    def points(self, value: float, unit: str) -> Text:
        """Return a difference of two shares, in percentage points."""
        return words("parties.points", points=brief(value * shown(unit).factor, DIGITS))

    def step(self, one: Quantity) -> Text:
        """Return the amount that a price is told for."""
        return self.points(one.value, one.unit) if shown(one.unit).unit == PERCENT else one

    def amount(self, value: float, unit: str) -> Text:
        """Return a quantity of a measure in the unit of its price, with the digits of a marginal value."""
        rounded = few_digits(value, DIGITS)
        if unit in COUNTS:
            return Quantity(rounded, unit, 0)
        name = TranslatedText({language: label(unit, language) for language in LANGUAGES})
        return words("why.amount", amount=Quantity(rounded, "", decimals(rounded)), unit=name)

    def one(self, price: float, indicator: str | None = None, most: float = math.inf) -> Quantity:
        """Return one of the unit that the goal, or another indicator, is shown in, at a price of a canonical unit.

        A tenth, a hundredth and so on, where the amount of money that the section speaks of does not buy one, or no
        more than `most` of a canonical unit can be had.
        """
        unit = self.unit if indicator is None else self.view.unit_of(indicator)
        display = shown(unit)
        bought = float(self.head["amount"]) / price * abs(display.factor) if price > 0.0 else 1.0
        bought = min(bought, most * abs(display.factor)) if most > 0.0 else bought
        parts = 0 if bought >= 1.0 or unit in COUNTS else -math.floor(math.log10(bought))
        return Quantity(10.0**-parts / abs(display.factor), unit, parts)
