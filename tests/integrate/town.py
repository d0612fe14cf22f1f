"""A made-up town whose response to measures is written down: what learn and choose are tested against."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA, GridRole, Portfolio, Use
from citybraid.core.factor import Factor, FactorBook
from citybraid.core.model import MeasureParams
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.measures.detention_wetland import detention_wetland
from citybraid.integrate.measures.green_roof import green_roof
from citybraid.integrate.measures.rain_garden import rain_garden
from citybraid.integrate.measures.rooftop_pv import rooftop_pv
from citybraid.integrate.measures.street_trees import street_trees

MEASURES = {
    found.name: Use(found, MeasureParams())
    for found in (detention_wetland, green_roof, rain_garden, rooftop_pv, street_trees)
}
UNITS = ("east", "north", "west")
QUANTITY = {
    "detention_wetland": (50.0, 0.0, 400.0),
    "green_roof": (900.0, 500.0, 100.0),
    "rain_garden": (300.0, 200.0, 600.0),
    "rooftop_pv": (80.0, 60.0, 10.0),
    "street_trees": (40.0, 25.0, 70.0),
}
RESPONSE = {
    "damage": {"detention_wetland": -9.0, "green_roof": -1.0, "rain_garden": -4.0},
    "emissions": {"rooftop_pv": -50.0, "green_roof": -0.2, "street_trees": -2.0},
    "cooling": {"green_roof": 0.01, "street_trees": 0.3, "rain_garden": 0.02},
}
DIRECTION = {"damage": -1, "emissions": -1, "cooling": 1}
BASE = {"damage": (4e4, 3e4, 6e4), "emissions": (9e5, 8e5, 1e5), "cooling": (10.0, 12.0, 30.0)}
CLASH = 0.002
"""Damage that wetland and rain garden keep from each other, per product of their quantities."""
ROOM_LEFT = 0.6
"""Share of the modules that fit where every roof that can is green."""


@dataclass
class Town:
    """Evaluates by formula; counts its runs."""

    fine: float = 1.0
    runs: list[tuple[str, GridRole]] = field(default_factory=list)

    def __call__(self, portfolio: Portfolio, *, grid: GridRole = "screening") -> pd.DataFrame:
        """Return quantities and indicators; damage on the full grid is `fine` times that of the screening grid."""
        self.runs.append(("+".join(use.model.name for use in portfolio), grid))
        amount = amounts(portfolio)
        table = pd.DataFrame(index=UNITS)
        for indicator, response in RESPONSE.items():
            change = sum((factor * amount[name] for name, factor in response.items()), pd.Series(0.0, index=UNITS))
            table[indicator] = pd.Series(BASE[indicator], index=UNITS) + change
        table["damage"] += CLASH * amount["detention_wetland"] * amount["rain_garden"]
        table["damage"] *= self.fine if grid == "full" else 1.0
        table.loc[WHOLE_AREA] = table.sum()
        return table

    def installed(self, portfolio: Portfolio) -> pd.DataFrame:
        """Return the quantities."""
        table = pd.DataFrame(index=UNITS)
        for name, installed in amounts(portfolio).items():
            quantity = MEASURES[name].model.quantity
            assert quantity is not None
            table[quantity.name] = installed
        table.loc[WHOLE_AREA] = table.sum()
        return table


def amounts(portfolio: Portfolio) -> dict[str, pd.Series]:
    """Return what each measure installs by unit; green roofs leave modules less room."""
    amount = {name: pd.Series(0.0, index=UNITS) for name in QUANTITY}
    greened = pd.Series(0.0, index=UNITS)
    for use in sorted(portfolio, key=lambda use: use.model.name == "rooftop_pv"):
        where = list(UNITS if use.params.where is None else use.params.where)
        name = use.model.name
        feasible = pd.Series(QUANTITY[name], index=UNITS)
        if name == "rooftop_pv":
            feasible *= 1.0 - (1.0 - ROOM_LEFT) * greened
        amount[name][where] += use.params.share * feasible[where]
        if name == "green_roof":
            greened[where] += use.params.share
    return amount


def row(factor: str, key: str, value: float, status: str = "user") -> Factor:
    return Factor(factor, key, value, "1", status, origin="study")


PRESENT = {
    "detention_wetland": 600.0,
    "green_roof": 200.0,
    "rain_garden": 300.0,
    "rooftop_pv": 4000.0,
    "street_trees": 1500.0,
}


def price_rows(status: str = "user") -> tuple[Factor, ...]:
    """Return rows whose present cost is the table's: nothing for upkeep."""
    rows = [row("discount_rate", "", 0.08)]
    for name, cost in PRESENT.items():
        rows += [
            row("measure_cost", name, cost, status),
            row("measure_upkeep", name, 0.0),
            row("measure_lifetime", name, 20.0),
        ]
    return tuple(rows)


def price_list(status: str = "user") -> Mapping[str, Price]:
    from citybraid.integrate.choose.prices import prices

    return prices(PRESENT, FactorBook(price_rows(status)), region="CN", year=2025).known
