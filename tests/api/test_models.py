"""Models called with numbers, arrays and rasters give what the model itself gives, and say what is wrong."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import box

import citybraid as cb
from citybraid.api.arguments import argument
from citybraid.api.rasters import georeferenced, grid_in
from citybraid.api.wordings import _phrases
from citybraid.core.check import valueless
from citybraid.core.errors import InputError, InputErrors, PlanError, RangeError
from citybraid.core.factor import COLUMNS, resolve
from citybraid.core.group import flatten
from citybraid.core.model import var_of
from citybraid.core.text import LANGUAGES, say
from citybraid.core.vocabulary.drains import DRAINAGE_MODEL
from citybraid.core.vocabulary.place import FLOORS
from citybraid.core.vocabulary.water import EDGE_LEVEL, INFLOW_DISCHARGE
from citybraid.resilience.flood.flood import flood
from citybraid.resilience.flood.params import FloodParams

GRID = GeoBox.from_bbox((0, 0, 120, 90), crs="EPSG:32651", resolution=10)
GROUND = np.add.outer(np.linspace(1.0, 0.0, 9), np.linspace(0.2, 0.0, 12))
RAIN = pd.Series([60.0, 0.0], index=[0.0, 0.5])
GIVEN: dict[str, Any] = {"terrain": GROUND, "manning": 0.03, "rain_intensity": RAIN, "duration": 1800.0}


def raster(values: np.ndarray, grid: GeoBox = GRID) -> xr.DataArray:
    return georeferenced(xr.DataArray(values, dims=("y", "x")), grid)


def refused(**changed: Any) -> PlanError:
    with pytest.raises(InputErrors) as caught:
        cb.models.flood(**{"grid": GRID, **GIVEN, **changed})
    (problem,) = caught.value.problems
    assert all(problem.say(language) for language in LANGUAGES)
    return problem


def test_numbers_arrays_and_rasters_give_what_the_model_gives() -> None:
    plain = xr.DataArray(GROUND, dims=("y", "x"))
    values = {
        "terrain": plain, "manning": xr.full_like(plain, 0.03), "rain_intensity": RAIN, "grid": GRID,
        "flood_debris": resolve("flood_debris"), "flood_structures": resolve("flood_structures"),
        "drain_inlet": resolve("drain_inlet"), "p": FloodParams(duration=1800.0),
    }  # fmt: skip
    expected = flatten(flood.of(values))["max_depth"]
    for made in (
        cb.models.flood(grid=GRID, **GIVEN),
        cb.models.flood(**{**GIVEN, "terrain": raster(GROUND)}),
        cb.models.flood(grid=raster(GROUND), **{**GIVEN, "manning": np.full(GROUND.shape, 0.03)}),
    ):
        np.testing.assert_array_equal(made.max_depth.to_numpy(), expected.to_numpy())


def test_a_result_says_what_it_is_and_where_it_lies() -> None:
    depth = cb.models.flood(grid=GRID, region="CN", year=2030, **GIVEN).max_depth
    assert (depth.name, depth.attrs["units"]) == ("max_depth", "m")
    assert depth.attrs["source"].startswith("citybraid resilience.flood ")
    assert (depth.attrs["factor_region"], depth.attrs["factor_year"]) == ("CN", 2030)
    lies = grid_in(depth)
    assert lies is not None
    assert lies.crs == GRID.crs
    assert (lies.shape, lies.affine) == (GRID.shape, GRID.affine)


def test_one_result_is_the_next_models_input() -> None:
    depth = cb.models.flood(grid=GRID, **GIVEN).max_depth
    shapes = gpd.GeoSeries([box(10, 10, 30, 30), box(60, 60, 80, 80)], index=[1, 2], crs="EPSG:32651")
    made = cb.models.flood_depth(max_depth=depth, buildings=gpd.GeoDataFrame(geometry=shapes))
    assert list(made.building_depth.index) == ["1", "2"]
    assert made.building_depth.attrs["source"].startswith("citybraid resilience.flood_depth ")


def test_the_rows_of_factors_are_those_that_the_model_is_computed_with() -> None:
    rows = cb.factors("flood", region="CN", year=2025)
    assert set(rows["factor"]) <= {"flood_debris", "flood_structures", "drain_inlet"}
    held = resolve("flood_structures", region="CN", year=2025)
    mine = rows[rows["factor"] == "flood_structures"].set_index("key")["value"]
    assert mine.to_dict() == dict(held)
    assert rows["status"].str.len().gt(0).all()
    assert cb.factors("flood_structures", region="CN")["key"].tolist() == list(held)


def test_own_rows_of_factors_win(tmp_path: Path) -> None:
    head = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
    own = tmp_path / "因子.csv"
    own.write_text(f"{head}flood_debris,grass,0.9,,,,1,,,,user,ours,\n", encoding="utf-8")
    rows = cb.factors("flood_debris", own=own).set_index("key")
    assert rows["value"]["grass"] == 0.9
    assert rows["origin"]["grass"] == "因子.csv"


def test_a_word_for_a_layer_is_told_its_parameter() -> None:
    with pytest.raises(InputErrors, match=r"param_soil_group='C'"):
        cb.models.curve_number(land_cover=np.full(GRID.shape, 10), soil_group="C", grid=GRID)


def test_parameters_that_share_a_name_are_told_apart() -> None:
    words = inspect.signature(cb.models.tide_level).parameters
    assert {"year", "param_year"} <= set(words)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a number for a series": ({"rain_intensity": 30.0}, "api.wrong_kind"),
    "a series by day": ({"rain_intensity": RAIN.set_axis(pd.to_datetime(["2020", "2021"]))}, "api.wrong_kind"),
    "a text for a raster": ({"manning": "0.03"}, "api.wrong_kind"),
    "another shape": ({"terrain": GROUND[1:]}, "api.shape"),
    "another place": ({"terrain": raster(GROUND, GRID.pad(1)[:9, :12])}, "api.other_grid"),
    "another CRS": (
        {"terrain": raster(GROUND, GeoBox(GRID.shape, GRID.affine, "EPSG:32650"))},
        "api.elsewhere",
    ),
    "an input too few": ({"manning": None}, "api.missing"),
    "a word too many": ({"roughness": 0.03}, "api.unknown_input"),
    "a parameter out of range": ({"theta": 7.0}, "study.parameter"),
    "a table elsewhere": (
        {"levees": gpd.GeoDataFrame({"crest_level": [1.0]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:4326")},
        "api.elsewhere",
    ),
}


@pytest.mark.parametrize(("changed", "text"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(changed: dict[str, Any], text: str) -> None:
    assert refused(**changed).text == text


def test_a_table_without_a_column_is_told_by_its_name() -> None:
    bare = gpd.GeoDataFrame(geometry=[box(0, 0, 10, 10)], crs="EPSG:32651")
    with pytest.raises(InputErrors) as caught:
        cb.models.floor_area(buildings=bare)
    assert [problem.text for problem in caught.value.problems] == ["api.columns"]
    assert "floors" in caught.value.say("zh")


def test_without_a_grid_nothing_says_where_cells_lie() -> None:
    with pytest.raises(InputErrors) as caught:
        cb.models.flood(**GIVEN)
    assert {problem.text for problem in caught.value.problems} == {"api.no_grid"}


def test_units_and_ranges_are_those_of_the_quantity() -> None:
    feet = raster(GROUND).assign_attrs(units="ft")
    with pytest.raises(InputError, match="unit 'ft'"):
        cb.models.flood(**{**GIVEN, "terrain": feet})
    with pytest.raises(RangeError):
        cb.models.flood(grid=GRID, **{**GIVEN, "manning": -1.0})


@pytest.mark.parametrize(
    ("call", "near"), [(lambda: cb.models.floood, "flood"), (lambda: cb.factors("manning"), "manning_n")]
)
def test_a_name_that_is_not_there_is_told_with_those_near_it(call: Callable[[], object], near: str) -> None:
    with pytest.raises(PlanError) as caught:
        call()
    assert all(near in caught.value.say(language) for language in LANGUAGES)


def test_a_raster_without_coordinates_or_crs_says_nothing_of_its_place() -> None:
    bare = xr.DataArray(GROUND, dims=("y", "x"))
    assert grid_in(bare) is None
    assert grid_in(bare.assign_coords(x=np.arange(12.0), y=np.arange(9.0))) is None
    uneven = raster(GROUND).assign_coords(x=np.arange(12.0) ** 2)
    assert grid_in(uneven) is None


def test_no_rain_is_needed_where_a_level_or_a_field_drives() -> None:
    """Zeros stand for the rain beside a level; a field takes its place; without either, rain is asked for."""
    dry = {name: value for name, value in GIVEN.items() if name != "rain_intensity"} | {"duration": 300.0}
    level = pd.Series([2.0, 2.0], index=[0.0, 0.1])
    sea = cb.models.flood(**dry, edge_level=level, west="level", grid=GRID)
    assert sea.rain_volume == 0.0
    assert sea.inflow_volume > 0.0
    field = xr.DataArray(
        np.full((2, 1, 1), 60.0), dims=("time", "y", "x"), coords={"time": [0.0, 0.1], "y": [45.0], "x": [60.0]}
    )
    assert cb.models.flood(**dry, areal_rain=field, grid=GRID).rain_volume == pytest.approx(0.005 * 120 * 90, rel=1e-6)
    pond = cb.models.flood(**dry, initial_depth=0.5, grid=GRID)
    assert pond.rain_volume == 0.0
    assert float(pond.max_depth.max()) >= 0.5
    with pytest.raises(InputErrors) as caught:
        cb.models.flood(**dry, grid=GRID)
    assert "rain_intensity" in caught.value.say("en")
    with pytest.raises(InputError) as endless:
        cb.models.flood(
            **{name: value for name, value in dry.items() if name != "duration"}, initial_depth=0.5, grid=GRID
        )
    assert "duration" in endless.value.say("en")


def homes(**columns: Any) -> gpd.GeoDataFrame:
    shapes = [box(10 * i, 0, 10 * i + 8, 8) for i in range(2)]
    table = {"building_use": ["residential", "office"], "floors": 3.0, **columns}
    return gpd.GeoDataFrame(table, geometry=shapes, index=["a", "b"], crs="EPSG:32651")


def test_words_that_a_file_would_be_mended_of_are_told() -> None:
    with pytest.warns(UserWarning, match="nonsense") as told:
        cb.models.parking_need(buildings=homes(building_use=["nonsense", "住宅"], floor_area=100.0), region="CN")
    assert "住宅 (read as residential from a file)" in str(told[0].message)
    assert told[0].filename == __file__


@pytest.mark.parametrize(
    ("var", "words", "others"),
    [
        ("land_use", ["0701", "R2", "nonsense"], ["R2", "nonsense"]), ("land_use", ["0701", "", "1401"], []),
        ("road_class", ["primary", "主干路"], ["主干路"]), ("facility_kind", ["hospital", "kiosk"], ["kiosk"]),
        ("heating_system", ["as_built", "heat_pump"], []), ("building_use", ["residential", "mine"], []),
        ("parcel_status", ["planned", "soon"], ["soon"]), ("lifeline_system", ["power", "steam"], ["steam"]),
    ],
)  # fmt: skip
def test_words_of_a_column_are_those_that_models_read(var: str, words: list[str], others: list[str]) -> None:
    told = list(_phrases("here", var, pd.Series(words), {"mine"}))
    assert [len(others)] * bool(others) == [phrase.values["count"] for phrase in told]


def test_results_without_any_value_are_told_with_the_gaps_of_their_inputs() -> None:
    value = {"floors": pd.Series([1.0, np.nan])}
    declared = {"floors": var_of(FLOORS)}
    (told,) = valueless(declared, value, {"total": np.nan, "each": pd.Series([1.0, np.nan])})
    assert told.values["results"] == ["total"]
    assert "'floors' lacks 1 value" in say(told.text, "en", **told.values)
    assert valueless(declared, {"floors": pd.Series([1.0])}, {"total": np.nan}) == ()
    assert valueless(declared, value, {"total": 1.0}) == ()


def test_own_rows_that_nothing_reads_are_told_in_python(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    row = "manning_n,wetlnd,0.1,,,,s m-1/3,,,,user,ours,\n"
    own.write_text(",".join(COLUMNS) + "\n" + row, encoding="utf-8")
    with pytest.warns(UserWarning, match="wetlnd \\(nearest known: wetland\\)"):
        cb.models.roughness(land_cover=np.full(GRID.shape, 10), grid=GRID, factors=own)


def test_a_swmm_model_may_be_given_by_its_path(tmp_path: Path) -> None:
    """The text of the file, with the rain that it names beside it; a wrong path is told as one."""
    file = tmp_path / "town.inp"
    gauge = (
        '[JUNCTIONS]\nJ1 0\n[OPTIONS]\nFLOW_UNITS LPS\n[RAINGAGES]\nR1 INTENSITY 1:00 1.0 FILE "my rain.dat" S7 MM\n'
    )
    file.write_text(gauge, encoding="utf-8")
    (tmp_path / "my rain.dat").write_text("S7 2004 2 28 1 0 2.5\n", encoding="utf-8")
    document = var_of(DRAINAGE_MODEL)
    for given in (file, str(file)):
        assert "R1_file 02/28/2004 01:00 2.5" in argument(document, given, None, where="drainage")
    assert argument(document, gauge, None, where="drainage") == gauge
    for absent in (tmp_path / "town.txt", str(tmp_path / "city.inp")):
        with pytest.raises(InputError) as caught:
            argument(document, absent, None, where="drainage")
        assert caught.value.text == "api.no_file"


def test_rows_of_a_series_may_be_uneven_as_in_a_file() -> None:
    """Discharges hold until the next row, levels change linearly between rows; others stay as they are."""
    rows, hours = [0.0, 0.0, 2.0, 2.0, 1.0], [0.0, 0.25, 1.0, 4.0, 5.0]
    with pytest.warns(UserWarning, match="uneven times"):
        flow = argument(var_of(INFLOW_DISCHARGE), pd.Series(rows, index=hours), None, where="flood")
    assert [*flow.index[:3]] == pytest.approx([0.0, 0.25, 0.5])
    assert flow.sum() * 0.25 == pytest.approx(2.0 * 4.0 + 1.0)
    with pytest.warns(UserWarning, match="uneven times"):
        level = argument(var_of(EDGE_LEVEL), pd.Series(rows, index=hours), None, where="flood")
    assert np.interp([0.625, 4.5], level.index, level) == pytest.approx([1.0, 1.5])
    assert argument(var_of(EDGE_LEVEL), RAIN, None, where="flood").equals(RAIN)


def test_a_series_without_a_name_has_that_of_its_quantity() -> None:
    """Models name a series in what they refuse: never 'None'."""
    bare = pd.Series([1.0, 2.0], index=[0.0, 1.0])
    assert argument(var_of(EDGE_LEVEL), bare, None, where="flood").name == "edge_level"
    assert argument(var_of(EDGE_LEVEL), bare.rename("tide"), None, where="flood").name == "tide"
