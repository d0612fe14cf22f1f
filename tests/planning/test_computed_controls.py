"""Controls that models of corridors, travel, water and trees make computable, each by pencil."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from citybraid.core.text import known
from citybraid.planning.control_table import control_table
from citybraid.planning.rows import controls
from tests.planning.test_unit_table import BOOK, GRID, Made, raster


def found(made: Made, control: str) -> pd.DataFrame:
    table = control_table(made.zones(), BOOK, region="", year=2025)
    return table[table["control"] == control].set_index("parcel")


def lines(*shapes: LineString) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), [f"l{at}" for at in range(len(shapes))], crs=4549)


def test_green_trips_are_those_of_the_plot_s_residents() -> None:
    """30 of 40 trips on the left plot, 10 of 80 on the right one."""
    made = Made("parcels")
    made.put("resident_trips", made.column(40.0, 80.0, 999.0))
    made.put("green_trips", made.column(30.0, 10.0, 1.0))
    assert found(made, "green_trip")["computed"].tolist() == pytest.approx([75.0, 12.5])
    assert found(Made("parcels"), "green_trip")["needs"].tolist() == ["var.green_trips"] * 2


def test_ground_stands_above_the_water_on_the_plot_by_depth() -> None:
    """Ground at 3 m and, on five of the ten columns, at 2 m; there 0.4 m deep: 2.5 m - 2.4 m. The right plot is dry."""
    made = Made("parcels")
    ground, depth = raster(3.0, 5.0), raster(0.0, 0.10)
    ground[:, :5], depth[:, :5] = 2.0, 0.4
    depth[:, 5:10] = 0.15
    made.put("terrain", ground)
    made.put("return_period", 50.0, event="p50")
    made.put("max_depth", depth, event="p50")
    rows = found(made, "ground_elev")
    assert rows["computed"]["a"] == pytest.approx(0.1)
    assert (rows["state"]["b"], rows["needs"]["b"]) == ("gap", "control_needs.no_water_on_plot")


def test_the_level_of_water_is_weighted_by_depth() -> None:
    """0.2 m on ground at 3 m, 0.6 m on ground at 2 m: (0.2 x 3.2 + 0.6 x 2.6) / 0.8 = 2.75; the ground is 2.5."""
    made = Made("parcels")
    ground, depth = raster(3.0, 5.0), raster(0.2, 0.0)
    ground[:, :5], depth[:, :5] = 2.0, 0.6
    made.put("terrain", ground)
    made.put("return_period", 50.0, event="p50")
    made.put("max_depth", depth, event="p50")
    assert found(made, "ground_elev")["computed"]["a"] == pytest.approx(-0.25)


def test_the_narrowest_corridor_that_crosses_a_plot_counts() -> None:
    made = Made("parcels")
    shapes = lines(
        LineString([(10, -10), (10, 60)]), LineString([(-10, 20), (40, 20)]), LineString([(300, 0), (300, 9)])
    )
    made.put("corridors", shapes)
    made.put("corridor_width", pd.Series([120.0, 80.0, 5.0], shapes.index))
    rows = found(made, "bio_corridor")
    assert rows["computed"]["a"] == 80.0
    assert (rows["state"]["b"], rows["needs"]["b"]) == ("gap", "control_needs.no_corridor_on_plot")


def test_canopy_is_read_along_streets_within_20_m_of_the_plot() -> None:
    """A street along y = 25 from 0 to 100: ten points under 0.6 on the left plot, ten under 0.2 on the right one.

    Within 20 m of the left plot lie ten points and those at 52.5 ... 67.5: (10 x 0.6 + 4 x 0.2) / 14.
    """
    made = Made("parcels")
    made.put("streets", lines(LineString([(0, 25), (100, 25)])))
    made.put("canopy_cover", raster(0.6, 0.2))
    rows = found(made, "tree_shade")
    assert rows["computed"]["a"] == pytest.approx(100 * (10 * 0.6 + 4 * 0.2) / 14)
    assert rows["computed"]["b"] == pytest.approx(100 * (10 * 0.2 + 4 * 0.6) / 14)
    far = Made("parcels")
    far.put("streets", lines(LineString([(0, 300), (100, 300)])))
    far.put("canopy_cover", raster(0.6, 0.2))
    assert found(far, "tree_shade")["needs"].tolist() == ["control_needs.no_street_at_plot"] * 2


def test_the_green_ratio_of_roads_is_that_of_parcels_of_roads() -> None:
    made = Made("parcels")
    made.put("land_use", pd.Series(["120701", "0701"], index=["a", "b"]))
    cover = raster(50, 30)
    cover[:2, :10] = 10
    made.put("land_cover", cover.astype(np.uint8))
    rows = found(made, "road_green_ratio")
    assert rows["computed"]["a"] == pytest.approx(100 * 2 / GRID.shape[0])
    assert (rows["state"]["b"], rows["needs"]["b"]) == ("gap", "control_needs.road_parcels")


@pytest.mark.parametrize(
    ("control", "column", "value", "shown"),
    [("parking", "planned_parking", 120.0, 120.0),
     ("ss", "planned_solids_removal", 0.5, 50.0), ("green_building", "planned_building_stars", 2.0, 2.0),
     ("native_plants", "planned_native_plants", 0.7, 0.7), ("population", "parcel_residents", 300.0, 300.0)],
)  # fmt: skip
def test_what_a_plan_states_and_no_model_computes_is_stated(
    control: str, column: str, value: float, shown: float
) -> None:
    made = Made("parcels")
    made.put(column, pd.Series([value, np.nan], index=["a", "b"]))
    rows = found(made, control)
    assert rows["stated"]["a"] == pytest.approx(shown)
    assert rows["state"].tolist() == ["stated", "gap"]


def test_the_setback_is_the_least_distance_of_a_footprint_from_the_plot_s_boundary() -> None:
    """Building x is 5 m from two sides of the left plot, y 10 m from two of the right one, z outside both."""
    made = Made("parcels")
    made.put("planned_setback", pd.Series([5.0, 12.0], index=["a", "b"]))
    rows = found(made, "setback")
    assert rows["computed"].tolist() == [5.0, 10.0]
    assert rows["state"].tolist() == ["passed", "failed"]
    assert rows["excess"]["b"] == pytest.approx(2 / 12)
    over = gpd.GeoSeries([box(-3, 5, 15, 15)], ["x"], crs=4549)
    across = Made("parcels")
    across.put("buildings", over)
    across.place = across.place.put([across.place.layers["buildings"][-1]])
    rows = found(across, "setback")
    assert rows["computed"]["a"] == 0.0
    assert (rows["state"]["b"], rows["needs"]["b"]) == ("gap", "control_needs.no_building_on_plot")


def test_the_plan_s_spaces_are_to_cover_what_the_floor_area_asks_for() -> None:
    made = Made("parcels")
    made.put("parking_need", made.column(120.0, 80.0, 9.0))
    made.put("planned_parking", pd.Series([100.0, 80.0], index=["a", "b"]))
    rows = found(made, "parking")
    assert rows["state"].tolist() == ["failed", "passed"]
    assert rows["excess"]["a"] == pytest.approx(0.2)
    made = Made("parcels")
    made.put("parking_need", made.column(120.0, np.nan, 9.0))
    rows = found(made, "parking")
    assert rows["state"].tolist() == ["computed", "gap"]
    assert rows["needs"]["b"] == "control_needs.parking_norms"


def test_solids_kept_back_are_checked_against_the_plan_or_lack_a_facility() -> None:
    made = Made("parcels")
    made.put("solids_removal", raster(0.45, np.nan))
    made.put("planned_solids_removal", pd.Series([0.5, 0.5], index=["a", "b"]))
    rows = found(made, "ss")
    assert (rows["computed"]["a"], rows["state"]["a"]) == (pytest.approx(45.0), "failed")
    assert (rows["state"]["b"], rows["needs"]["b"]) == ("stated", "control_needs.no_facility_on_plot")


def test_every_control_names_a_bureau_that_has_a_name_and_says_what_it_lacks() -> None:
    for control in controls().values():
        assert known(f"bureau.{control.bureau}"), control.id
        assert not control.needs or known(f"control_needs.{control.needs}"), control.id
        assert not control.formula or known(f"formula.{control.formula}"), control.id
    lacking = [name for name, row in controls().items() if row.reading is None and not row.stated]
    assert lacking == ["ventilation"]


def test_the_shelter_area_of_the_whole_area_is_told_on_plots_of_homes() -> None:
    """0.9 m2 a person in the plan area: less than 1.5 on the plot of homes; the other plot is not asked."""
    made = Made("parcels")
    made.put("land_use", pd.Series(["070102", "100101"], index=["a", "b"], dtype=object))
    made.put("shelter_area_per_head", 0.9)
    table = control_table(made.zones(), BOOK, region="", year=2025, targets={"shelter": 1.5})
    rows = table[table["control"] == "shelter"].set_index("parcel")
    assert (rows["computed"]["a"], rows["state"]["a"], rows["excess"]["a"]) == (0.9, "failed", pytest.approx(0.4))
    assert (rows["state"]["b"], rows["needs"]["b"]) == ("gap", "control_needs.homes_alone")
