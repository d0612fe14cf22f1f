"""The next money where it takes the place of something: what is bought, less what is given up, is the money."""

from types import SimpleNamespace
from typing import Any

import pandas as pd

from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.portfolio.about import About
from citybraid.report.portfolio.why import _next


def test_what_the_next_money_takes_the_place_of_is_told() -> None:
    """Of 5 million, 3.4 of paving and 2.5 of roofs, and 0.9 less of green roofs."""
    bought = pd.DataFrame({
        "measure": ["permeable_paving", "green_roof", "rooftop_pv"], "unit": ["U1", "U1", "U2"],
        "quantity": [6800.0, -1800.0, 620.0], "cost": [3.4e6, -0.9e6, 2.5e6], "gain": [0.0, 0.0, 0.0056],
    })  # fmt: skip
    prices = {name: SimpleNamespace(unit="m2") for name in bought["measure"]}
    view: Any = SimpleNamespace(
        unit_of=lambda _: "t CO2e person-1 year-1", money=lambda: "CNY",
        run=SimpleNamespace(table=lambda _: bought, choice=SimpleNamespace(prices=prices)),
    )  # fmt: skip
    head = {"indicator": "emissions_per_resident", "amount": 5e6, "gain": 0.0056}
    (told,) = _next(About(view, head, {"U1": "北区", "U2": "南区"}))
    assert isinstance(told, Paragraph)
    english, chinese = in_words(told.text, "en"), in_words(told.text, "zh")
    assert english.endswith("This takes the place of Green roof in 北区 (1,800 m², 900,000 CNY).")
    assert "3,400,000 CNY" in english.partition("This takes")[0]
    assert "并替代北区的绿色屋顶（1,800 m²，900,000 元）。" in chinese


def test_differences_of_shares_are_percentage_points() -> None:
    view: Any = SimpleNamespace(unit_of=lambda _: "%")
    about = About(view, {"indicator": "canopy_cover", "amount": 1e6}, {})
    assert in_words(about.gain(0.272), "en") == "0.272 percentage points"
    assert in_words(about.step(about.one(5e6)), "zh") == "0.1 个百分点"
