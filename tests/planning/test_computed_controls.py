"""Controls that models of corridors, travel, water and trees make computable, each by pencil."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

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
    [("setback", "planned_setback", 8.0, 8.0), ("parking", "planned_parking", 120.0, 120.0),
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
