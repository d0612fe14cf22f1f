"""From net emissions to the whole inventory: every sub-sector side by side, by hand, closing to the kilogram."""

from types import SimpleNamespace
from typing import Any, cast

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.carbon.reconciliation import reconciled, reconciliation
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.view import View

AREA = gpd.GeoSeries([box(0, 0, 300, 100)], index=["all"])
BUILDINGS = gpd.GeoDataFrame(
    {
        "building_use": ["residential", "office", "industrial", "residential"],
        "electricity_emissions": [100.0, 200.0, 400.0, 9e9], "heat_emissions": [10.0, 0.0, 0.0, 9e9],
        "gas_emissions": [30.0, 0.0, 50.0, 9e9], "transport_emissions": [60.0, 0.0, 0.0, 9e9],
        "metro_emissions": [5.0, 0.0, 0.0, 9e9], "pv_avoided": [0.0, 20.0, 0.0, 9e9],
    },
    geometry=[box(x, 0, x + 10, 10) for x in (0, 100, 200, 900)], index=["home", "office", "hall", "outside"],
)  # fmt: skip
SINK = 40.0
NET = 100 + 10 + 30 + 200 + 400 + 50 + 60 + 5 - 20 - SINK
WHOLE = pd.Series({
    "residential/2/CO2/emission": 110.0, "residential/1/CO2/emission": 30.0, "residential/1/CH4_fossil/emission": 2.0,
    "commercial/2/CO2/emission": 200.0, "commercial/2/CO2/avoided": -20.0,
    "industry/2/CO2/emission": 700.0, "industry/1/CO2/emission": 80.0,
    "road/1/CO2e/emission": 60.0, "rail/2/CO2/emission": 5.0, "wastewater/3/CH4/emission": 7.0,
    "land/1/CO2/removal": -40.0, "land/1/CO2/emission": 11.0,
})  # fmt: skip


def view(**changed: Any) -> View:
    """A run whose plant, on the hall's plot, has bills of 700 of electricity and 80 of gas [kg CO2e a year]."""
    values = {"inventory_equivalent": WHOLE, "net": NET, **changed}
    units = pd.DataFrame({"net_emissions": [values["net"] / 1e3], "green_sink": [SINK / 1e3]}, index=[WHOLE_AREA])
    run: Any = SimpleNamespace(alternatives=("as_is",), table=lambda _: values.get("units", units))
    return cast("View", SimpleNamespace(
        run=run, base="as_is", ends=("as_is",), name=str, column=lambda _, name: values[name],
        frame=lambda *_: BUILDINGS, shapes=lambda *_: AREA,
    ))  # fmt: skip


def test_what_each_sub_sector_adds_by_hand() -> None:
    found = reconciled(view(), "as_is")
    assert found is not None
    added = {line: value for line, value in found.lines["added"].items() if abs(value) > 1e-9}
    assert added == pytest.approx({
        "residential/1/CH4_fossil/emission": 2.0, "industry/2/CO2/emission": 300.0, "industry/1/CO2/emission": 30.0,
        "wastewater/3/CH4/emission": 7.0, "land/1/CO2/emission": 11.0,
    })  # fmt: skip
    assert found.gap == pytest.approx(0.0, abs=1e-9)


def test_a_row_for_each_sub_sector_and_a_total_that_closes() -> None:
    said, table = reconciliation(view())
    assert isinstance(said, Paragraph)
    assert isinstance(table, Table)
    frame = table.frame.set_index(pd.Index([in_words(each, "en") for each in table.frame["sector"]]))
    assert len(frame) == 9
    assert (frame["net_0"] + frame["added_0"]).to_numpy() == pytest.approx(frame["inventory_0"].to_numpy())
    assert frame.loc["Total", "net_0"] == pytest.approx(NET)
    assert frame.loc["Total", "inventory_0"] == pytest.approx(WHOLE.sum())
    assert frame.loc["avoided", "inventory_0"] == -20.0
    what = dict(zip(frame.index, frame["what"], strict=True))
    for each in what.values():
        parts = in_words(each, "en").split("; ") if each else []
        assert len(parts) == len(set(parts)), "a gas of two kinds is named once"
    told = in_words(what["Industrial energy"], "en")
    assert told == "emission of CO₂, scope 1; emission of CO₂, scope 2"
    assert in_words(what["Road transport"], "zh") == "无"


def test_what_stays_unexplained_is_told() -> None:
    """An indicator that counts 3 kg which no column of the buildings has."""
    _, table = reconciliation(view(net=NET + 3.0))
    assert isinstance(table, Table)
    assert "to 3 kg" in in_words(cast("Any", table.note), "en")


def test_no_table_without_an_inventory_or_the_indicator() -> None:
    assert not list(reconciliation(view(inventory_equivalent=None)))
    assert not list(reconciliation(view(units=pd.DataFrame({"green_sink": [1.0]}, index=[WHOLE_AREA]))))
