"""The table of modes: shares of trips, distance per resident, emissions, and their sums."""

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from citybraid.report.carbon.travel import TOTAL, modes, travel_by_mode
from citybraid.report.chapter import Table
from citybraid.report.view import View

MODES = pd.Index(["walk", "car"], name="travel_modes")
COLUMNS: dict[str, Any] = {
    "mode_trips": pd.Series([300.0, 100.0], MODES),
    "mode_distance": pd.Series([300.0, 1000.0], MODES),
    "mode_emissions": pd.Series([0.0, 50_000.0], MODES),
    "residents": pd.Series([60.0, 40.0]),
}


def view(**without: None) -> View:
    columns: dict[str, Any] = COLUMNS | without
    run: Any = SimpleNamespace(alternatives=("as_is",))
    return cast("View", SimpleNamespace(run=run, column=lambda _, name: columns[name], name=lambda name: name))


def test_shares_distances_and_emissions_by_hand() -> None:
    table = modes(view(), "as_is")
    assert table is not None
    assert list(table.loc["car"]) == pytest.approx([25.0, 10.0, 50.0])
    assert list(table.loc[TOTAL]) == pytest.approx([100.0, 13.0, 50.0])


def test_a_row_for_each_mode_and_the_sum() -> None:
    (block,) = travel_by_mode(view())
    assert isinstance(block, Table)
    assert len(block.frame) == 3


def test_no_table_where_travel_has_no_network() -> None:
    assert not list(travel_by_mode(view(mode_trips=None)))
