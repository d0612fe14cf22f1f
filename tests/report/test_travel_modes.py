"""The table of modes: shares of trips, distance per resident, emissions, and their sums."""

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from citybraid.report.carbon.travel import TOTAL, modes, travel_by_mode
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.view import View

MODES = pd.Index(["walk", "car"], name="travel_modes")
COLUMNS: dict[str, Any] = {
    "mode_trips": pd.Series([300.0, 100.0], MODES),
    "mode_distance": pd.Series([300.0, 1000.0], MODES),
    "mode_emissions": pd.Series([0.0, 50_000.0], MODES),
    "residents": pd.Series([60.0, 40.0]),
}


def view(region: str = "CN-ZJ", **changed: pd.Series | None) -> View:
    columns: dict[str, Any] = COLUMNS | changed
    run: Any = SimpleNamespace(alternatives=("as_is",), about=SimpleNamespace(region=region, year=2025))
    return cast("View", SimpleNamespace(run=run, column=lambda _, name: columns[name], name=lambda name: name))


def test_shares_distances_and_emissions_by_hand() -> None:
    table = modes(view(), "as_is")
    assert table is not None
    assert list(table.loc["car"]) == pytest.approx([25.0, 10.0, 50.0, 10.0])
    assert list(table.loc[TOTAL]) == pytest.approx([100.0, 13.0, 50.0, 3.25])


def test_a_row_for_each_mode_and_the_sum() -> None:
    (block,) = travel_by_mode(view())
    assert isinstance(block, Table)
    assert len(block.frame) == 3


def test_walks_longer_than_surveys_have_them_are_told_with_what_they_hide() -> None:
    """300 walks of 4 km are 60 min each; at 19 min they are 380 km, and the 820 km left are 82 % more for cars."""
    far = pd.Series([1200.0, 1000.0], MODES)
    table, told = travel_by_mode(view(mode_distance=far))
    assert isinstance(table, Table)
    assert isinstance(told, Paragraph)
    assert all(part in in_words(told.text, "en") for part in ("4.0 km", "60 min", "82%"))
    assert all(part in in_words(told.text, "zh") for part in ("4.0 km", "60 分钟", "82%"))
    assert len(list(travel_by_mode(view("NL", mode_distance=far)))) == 1, "surveys of Chinese cities"


def test_alternatives_in_which_people_travel_alike_share_their_columns() -> None:
    """The demo's table had fifteen columns, twelve of them four times the same three; its heads broke within words."""
    other = COLUMNS | {"mode_trips": pd.Series([200.0, 200.0], MODES)}
    names = ("as_is", "plan", "scheme")
    asked: Any = SimpleNamespace(
        run=SimpleNamespace(alternatives=names, about=SimpleNamespace(region="CN-ZJ", year=2025)),
        name=lambda name: name,
        column=lambda alternative, name: (COLUMNS if alternative == "as_is" else other)[name],
    )  # fmt: skip
    (block,) = travel_by_mode(asked)
    assert isinstance(block, Table)
    heads = [in_words(column.title, "en") for column in block.columns]
    assert len(heads) == 9
    assert heads[1].endswith("as_is")
    assert heads[5].endswith("plan; scheme")


def test_no_table_where_travel_has_no_network() -> None:
    assert not list(travel_by_mode(view(mode_trips=None)))
