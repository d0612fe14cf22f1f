"""Embodied carbon of a portfolio: a sum over some of its measures is told as that, with the names of the others."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.portfolio import embodied
from citybraid.report.portfolio.embodied import embodied_of_chosen

PRICES = {"green_roof": 25.2, "cool_roof": 4.0, "levee": None, "pump": None}


def told(carbon: float | None, **installed: float) -> list[tuple[str, str]]:
    table = pd.DataFrame({name: [amount / 2.0] * 2 for name, amount in installed.items()}, index=["a", "b"])
    view: Any = SimpleNamespace(
        run=SimpleNamespace(table={"installed": table}.get), ends=("as_is", "plan"), unit_of=lambda _: "t CO2e year-1"
    )
    choice: Any = SimpleNamespace(
        carbon=carbon, prices={name: SimpleNamespace(carbon=value) for name, value in PRICES.items()}
    )
    said = [block.text for block in embodied_of_chosen(view, choice) if isinstance(block, Paragraph)]
    return [(in_words(text, "en"), in_words(text, "zh")) for text in said]


def emitting(monkeypatch: pytest.MonkeyPatch, before: float | None, after: float | None) -> None:
    values = {"as_is": before, "plan": after}
    monkeypatch.setattr(embodied, "whole", lambda _, end, name: values[end] if name == "net_emissions" else None)


def test_where_all_have_a_figure_their_sum_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    emitting(monkeypatch, None, None)
    ((english, _),) = told(2.5e6, green_roof=100.0)
    assert english == "Embodied carbon of the chosen measures: 2,500 t CO₂e."


def test_years_that_savings_take_stand_beside_the_carbon(monkeypatch: pytest.MonkeyPatch) -> None:
    """2 500 t, of which 25 are saved a year: a reader must not take the saving for the whole of it."""
    emitting(monkeypatch, 1000.0, 975.0)
    _, (english, chinese) = told(2.5e6, green_roof=100.0)
    assert "saves 25.0 t CO₂e/a, so it takes 100 years" in english
    assert "100 年" in chinese


@pytest.mark.parametrize("after", [1000.0, 1001.0])
def test_what_saves_nothing_never_makes_up_for_its_carbon(monkeypatch: pytest.MonkeyPatch, after: float) -> None:
    emitting(monkeypatch, 1000.0, after)
    _, (english, _) = told(2.5e6, green_roof=100.0)
    assert english == "The portfolio saves no emissions that would make up for that carbon."


def test_a_sum_without_some_names_them() -> None:
    ((english, chinese),) = told(None, green_roof=1e5, levee=30.0, cool_roof=0.0, pump=0.0)
    assert "2,520 t CO₂e, without Raised levees, of which no figure" in english
    assert "2,520 t CO₂e" in chinese
    assert "Drainage pumps" not in english, "of pumps nothing is chosen"


def test_where_none_has_a_figure_no_sum_is_told() -> None:
    ((english, _),) = told(None, levee=30.0, pump=1.0)
    assert english.startswith("Embodied carbon of the chosen measures: not known")
    assert "0 t" not in english


@pytest.mark.parametrize("amount", [0.0])
def test_nothing_chosen_says_nothing(amount: float) -> None:
    assert told(None, levee=amount) == []
