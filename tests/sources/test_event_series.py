"""Levels, discharges and gauges from tables: times, units and sides as planners write them, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.cells import cells_reading

TARGET = Target(crs="EPSG:4549", cell=5.0)


def read(
    table: dict[str, list[object]], role: str = "edge_level", name: str = "潮位.csv", **options: object
) -> Reading:
    return cells_reading(pd.DataFrame(table), role, CellOptions.model_validate(options), TARGET, name=name)


def test_a_level_by_clock_times() -> None:
    found = read({"时间": ["2020-07-01 22:00", "2020-07-01 23:00", "2020-07-02 00:00"], "潮位(cm)": [120, 150, 90]})
    (layer,) = found.layers
    assert (layer.var.name, dict(layer.at)) == ("edge_level", {})
    np.testing.assert_allclose(layer.value, [1.2, 1.5, 0.9])
    np.testing.assert_allclose(layer.value.index, [0.0, 1.0, 2.0])
    assert found.findings[-1].text == "intake.series_read"
    assert "0.9" in found.findings[-1].say("zh")


def test_a_level_of_one_side_in_one_event() -> None:
    (layer,) = read({"t (h)": [0, 0.5], "level (m)": [3.0, 3.1]}, side="west", event="rp20").layers
    assert (layer.var.name, dict(layer.at)) == ("side_level", {"event": "rp20", "side": "west"})


def test_a_discharge_and_the_only_column() -> None:
    (layer,) = read({"minutes": [0, 30, 60], "流量(m3/s)": [5, 80, 20]}, "inflow_discharge").layers
    assert layer.var.name == "inflow_discharge"
    np.testing.assert_allclose(layer.value, [5, 80, 20])
    (layer,) = read({"minutes": [0, 30, 60], "Q in": [5000, 80000, 20000]}, "inflow_discharge", unit="L/s").layers
    np.testing.assert_allclose(layer.value, [5, 80, 20])


def test_gauges_stand_in_columns_of_their_own() -> None:
    table: dict[str, list[object]] = {"历时(min)": [0, 5, 10], "G1 (mm)": [1, 2, 0], "G2 (mm)": [0, 3, 1]}
    found = read(table, "gauge_rain", "雨量.csv")
    assert [dict(layer.at) for layer in found.layers] == [
        {"event": "雨量", "gauge": "G1"},
        {"event": "雨量", "gauge": "G2"},
    ]
    np.testing.assert_allclose(found.layers[0].value, [12.0, 24.0, 0.0])
    assert "3 steps of 2 gauges" in found.findings[-1].say("en")
    bare = read({"minutes": [0, 5], "G1": [1, 2]}, "gauge_rain", "g.csv", unit="mm", event="e")
    assert dict(bare.layers[0].at) == {"event": "e", "gauge": "G1"}


@pytest.mark.parametrize(
    ("text", "role", "table"),
    [
        ("intake.series_cell", "edge_level", {"t (h)": [0, 1], "level (m)": [1.0, "-"]}),
        ("intake.series_unit", "edge_level", {"t (h)": [0, 1], "level (m3/s)": [1.0, 2.0]}),
        ("intake.series_beyond", "edge_level", {"t (h)": [0, 1], "level (km)": [1.0, 20.0]}),
        ("intake.series_beyond", "inflow_discharge", {"t (h)": [0, 1], "discharge (m3/s)": [1.0, -2.0]}),
        ("intake.time_unit", "edge_level", {"t": [0, 1, 3], "level (m)": [1.0, 2.0, 1.0]}),
        ("intake.time_one_row", "edge_level", {"t (h)": [0], "level (m)": [1.0]}),
        ("intake.no_series", "edge_level", {"t (h)": [0, 1], "a": [1.0, 2.0], "b": [1.0, 2.0]}),
        ("intake.no_time", "edge_level", {"a": [1.0, 2.0], "b": [1.0, 2.0]}),
        ("intake.no_gauges", "gauge_rain", {"t (h)": [0, 1]}),
        ("intake.rain_unit", "gauge_rain", {"t (h)": [0, 1], "G1": [1.0, 2.0]}),
        ("intake.rain_cell", "gauge_rain", {"t (h)": [0, 1], "G1 (mm)": [1.0, -2.0]}),
    ],
)
def test_refuses(text: str, role: str, table: dict[str, list[object]]) -> None:
    with pytest.raises(InputError) as told:
        read(table, role)
    assert told.value.text == text
    assert told.value.say("zh") != told.value.say("en")
