import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run
from citybraid.web.maps.catalogue import Chart, Found
from citybraid.web.maps.extent import degrees, extent, projected
from citybraid.web.maps.places import controls_of, indicators_at, raster_value, rows_at, shape_of
from citybraid.web.wording import said
from tests.report.made import BOTTOM, LEFT
from tests.report.made_run import Shelf, made_run


def depth(chart: Chart) -> Found:
    quantity = chart.quantities["max_depth"]
    return Found(quantity, "as_is", quantity.layers["as_is"]["p50"])


@pytest.mark.parametrize(("row", "column"), [(0, 0), (2, 17), (11, 11), (38, 39)])
def test_a_click_tells_the_value_of_the_cell(chart: Chart, row: int, column: int) -> None:
    stored = float(np.asarray(chart.run.value(depth(chart).layer))[row, column])
    x, y = LEFT + 10.0 * column + 9.9, BOTTOM + 400.0 - 10.0 * row - 0.1
    value = raster_value(chart, depth(chart), x, y)
    assert value.number == (None if math.isnan(stored) else stored)
    assert value.layer == depth(chart).layer.key


@pytest.mark.parametrize("place", [(LEFT - 0.1, BOTTOM + 5), (LEFT + 5, BOTTOM - 0.1), (math.inf, math.inf)])
def test_beyond_the_cells_there_is_no_value(chart: Chart, place: tuple[float, float]) -> None:
    assert raster_value(chart, depth(chart), *place).number is None


def test_the_parcel_and_the_building_at_a_place_are_told_with_their_columns(chart: Chart) -> None:
    rows = rows_at(chart, "as_is", LEFT + 120, BOTTOM + 20)
    shapes = {table: shape_of(chart, "as_is", table, row) for table, row in rows}
    assert (shapes["parcels"].id, shapes["parcels"].name, shapes["parcels"].row) == ("P001", "嘉南-01", 1)
    assert shapes["buildings"].row == 4
    values = {value.name: value for value in shapes["parcels"].values}
    assert values["floor_area_ratio"].number == 0.75
    assert values["height_limit"].number == 25.0


def test_values_of_events_are_told_from_the_most_frequent_to_the_rarest(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    shelf = Shelf(run.store, run.grid)
    buildings = run.value(Chart(run, View(run)).tables["buildings"]["as_is"])
    for years in (20, 5, 100):
        shelf.put("return_period", float(years), ("as_is",), f"p{years}")
        shelf.put("building_depth", pd.Series(0.1, index=buildings.index), ("as_is",), f"p{years}")
    manifest = run.manifest.model_dump(mode="json")
    manifest["alternatives"]["as_is"]["layers"] += shelf.layers["as_is"]
    (run.folder / "manifest.json").write_text(Manifest.model_validate(manifest).model_dump_json(), encoding="utf-8")
    opened = Run.open(run.folder)
    shape = shape_of(Chart(opened, View(opened)), "as_is", "buildings", 0)
    told = [said(each.title)["en"] for each in shape.values if each.name == "building_depth"]
    assert [int("".join(filter(str.isdigit, each))) for each in told] == [5, 20, 100]


def test_in_the_court_of_a_parcel_is_no_parcel(chart: Chart) -> None:
    assert "parcels" not in dict(rows_at(chart, "as_is", LEFT + 48, BOTTOM + 48))


def test_indicators_are_the_table_of_units_and_the_whole_area_s_where_no_unit_is(chart: Chart) -> None:
    assert indicators_at(chart, "as_is", "U2")["flooded_area"][1] == 0.9
    assert indicators_at(chart, "as_is", "")["flooded_area"][1] == 2.4
    assert WHOLE_AREA in chart.run.table("units/as_is").index  # type: ignore[union-attr]


def test_controls_are_those_of_the_table_missed_ones_first(chart: Chart) -> None:
    table = chart.run.table("controls/as_is")
    assert table is not None
    parcel = str(table[table["state"] == "failed"]["parcel"].iloc[0])
    told = list(controls_of(chart, "as_is", parcel))
    expected = table[(table["parcel"] == parcel) & (table["state"] != "gap")]
    assert {each.control: each.state for each in told} == dict(zip(expected["control"], expected["state"], strict=True))
    assert told[0].state == "failed"
    assert told[0].why


def test_places_go_to_degrees_and_back(chart: Chart) -> None:
    west, south, east, north = extent(chart)
    assert west < 120.002 < east
    assert south < 30.722 < north
    assert projected(chart, *degrees(chart, LEFT + 12.5, BOTTOM + 7.25)) == pytest.approx(
        (LEFT + 12.5, BOTTOM + 7.25), abs=1e-4
    )
