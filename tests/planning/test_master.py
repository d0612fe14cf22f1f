"""The national table of master plans, capacities, and conflicts of zones, on a Place made for it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr
from shapely.geometry import LineString, Point, box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import known
from citybraid.planning import statistics
from citybraid.planning.boundaries import boundary_codes, coded
from citybraid.planning.conflicts import conflicts, summed, zone_conflicts
from citybraid.planning.master import master_indicators, master_values
from citybraid.sources.protocol.quantities import vocabulary
from tests.planning.test_unit_table import GRID, Made


def planned() -> Made:
    """Two zones of 50 m; plots of homes (FAR 2), works and park; a redline over part of the homes."""
    made = Made()
    plots = gpd.GeoSeries([box(0, 0, 20, 20), box(20, 0, 40, 20), box(60, 0, 80, 20)], ["h", "w", "p"], crs=4549)
    made.put("parcels", plots)
    made.put("land_use", pd.Series(["070102", "100101", "1401"], index=plots.index))
    made.put("floor_area_ratio", pd.Series([2.0, 1.0, np.nan], index=plots.index))
    zones = gpd.GeoSeries([box(0, 0, 15, 10), box(0, 0, 50, 50), box(0, 0, 1, 1)], ["r", "u", "x"], crs=4549)
    made.put("control_zones", zones)
    made.put("zone_code", pd.Series(["生态保护红线", "CZKFBJ", "no such line"], index=zones.index))
    return made


def whole(made: Made) -> dict[str, float]:
    found = master_values(made.zones()).by_zone
    return {str(name): float(found[name][WHOLE_AREA]) for name in found}


def test_every_row_says_how_it_is_read_or_what_it_needs() -> None:
    numbers = [row.no for row in master_indicators().values() if row.no is not None]
    assert numbers == list(range(1, 36))
    for row in master_indicators().values():
        assert bool(row.statistic) != bool(row.needs), row.id
        assert known(f"master_indicator.{row.id}")
        assert not row.needs or known(f"master_needs.{row.needs}")
        assert not row.near or known(f"master_near.{row.id}")
        if row.statistic == "quotient":
            assert {row.var, row.second} <= set(master_indicators())
        elif row.statistic:
            assert hasattr(statistics, row.statistic), row.id
            assert {*row.var.split(), *row.second.split()} <= set(vocabulary())


def test_shelters_are_read_where_files_state_their_area() -> None:
    """The table asked for the area of each shelter where files gave it."""
    made = planned()
    made.put("facilities", gpd.GeoSeries([Point(5, 5), Point(60, 5), Point(70, 5)], ["a", "b", "c"], crs=4549))
    made.put("buildings", gpd.GeoSeries([box(0, 0, 5, 5)], ["h"], crs=4549))
    made.put("residents", pd.Series([500.0], index=["h"]))
    made.put("shelter_area", pd.Series([900.0, np.nan, 100.0], index=["a", "b", "c"]))
    assert whole(made)["shelter_per_resident"] == pytest.approx(2.0)
    made.put("shelter_area", pd.Series([np.nan] * 3, index=["a", "b", "c"]))
    assert master_values(made.zones()).lacking["shelter_per_resident"] == "shelter_area"


def test_land_of_the_plan_is_that_of_its_plots() -> None:
    found = whole(planned())
    assert found["construction_land"] == pytest.approx(3 * 400e-6)
    assert found["park_land"] == pytest.approx(0.04)
    assert found["ecological_redline"] == pytest.approx(150e-6)
    assert found["basic_farmland"] == 0.0
    assert found["permitted_floor_area"] == pytest.approx(0.12)
    assert found["permitted_homes"] == pytest.approx(0.08)


def test_land_per_resident_is_in_square_metres() -> None:
    made = planned()
    made.put("residents", made.column(4.0, 8.0, 100.0))
    made.put("floor_area", made.column(200.0, 160.0, 9.0))
    made.put("building_use", pd.Series(["residential", "office", "residential"], index=["x", "y", "z"]))
    found = whole(made)
    # 1200 m2 of plots and 400 m2 of park for the twelve people of the plan area; 200 m2 of homes for their four.
    assert found["construction_land_per_resident"] == pytest.approx(1200 / 12)
    assert found["park_land_per_resident"] == pytest.approx(400 / 12)
    assert found["homes_per_resident"] == pytest.approx(50.0)


def test_green_trips_are_those_of_the_travel_model() -> None:
    """It stood as missing beside a table of trips by mode: 70 of 100 trips on foot, by cycle or bus are 70 %."""
    made = Made()
    made.put("green_trips", made.column(30.0, 40.0, 1.0))
    made.put("resident_trips", made.column(40.0, 60.0, 2.0))
    assert whole(made)["green_trips"] == pytest.approx(70.0)


def test_roads_are_counted_within_the_plan_area() -> None:
    made = planned()
    made.put("streets", gpd.GeoSeries([LineString([(-50, 25), (150, 25)])], ["s"], crs=4549))
    # 100 m of the 200 m lie within 0.005 km2: 20 km per km2, in each half as well.
    found = master_values(made.zones()).by_zone["road_density"]
    assert found.tolist() == pytest.approx([20.0, 20.0, 20.0])


def test_lines_that_cross_no_edge_count_with_the_length_that_cutting_them_gives() -> None:
    """To the bit: lines inside, across an edge, along it, outside, and one that goes back on itself."""
    draw = np.random.default_rng(3)
    lines = np.array([LineString(draw.uniform(-20, 120, (4, 2))) for _ in range(60)], dtype=object)
    lines[:3] = [
        LineString([(10, 10), (40, 10), (10, 10)]),
        LineString([(0, 0), (0, 50)]),
        LineString([(-9, 0), (-9, 5)]),
    ]
    shapes = np.array([box(0, 0, 50, 50), box(50, 0, 100, 50), Point(50, 50).buffer(60)], dtype=object)
    shape, line, length = statistics._length_within(lines, shapes)
    within = np.zeros((len(shapes), len(lines)))
    within[shape, line] = length
    assert (np.diff(line) >= 0).all()
    assert length[(shape == 0) & (line == 0)] == pytest.approx(30.0)
    for one, lengths in zip(shapes, within, strict=True):
        np.testing.assert_array_equal(lengths, shapely.length(shapely.intersection(lines, one)))


def test_reach_of_stations_is_a_circle_cut_by_the_plan_area() -> None:
    made = planned()
    made.put("stops", gpd.GeoSeries([Point(-790, 25), Point(50, 25)], ["m", "b"], crs=4549))
    made.put("stop_kind", pd.Series(["metro", "bus"], index=["m", "b"]))
    found = master_values(made.zones()).by_zone["rail_coverage"]
    strip = shapely.area(shapely.intersection(box(0, 0, 100, 50), shapely.buffer(Point(-790, 25), 800)))
    assert found[WHOLE_AREA] == pytest.approx(100.0 * strip / 5000.0)
    assert 0.0 < found["a"] < 25.0
    assert found["b"] == 0.0


def test_what_is_missing_is_named() -> None:
    lacking = master_values(planned().zones()).lacking
    assert lacking["resident_population"] == "residents"
    assert lacking["construction_land_per_resident"] == "resident_population"


def test_names_stand_for_codes() -> None:
    assert coded(pd.Series(["永久基本农田", " 0202", "STBHHX", "?"])).tolist() == ["0202", "0202", "0102", ""]
    assert {len(code) for code in boundary_codes().values()} == {4}


def test_zones_that_claim_the_same_ground() -> None:
    found = summed(conflicts(planned().zones()).overlaps).set_index("conflict")
    # The redline of 150 m2 lies wholly in urban space and on the plot of homes.
    assert found["area"].to_dict() == pytest.approx({"redline_urban": 150.0, "redline_built": 150.0})
    assert found["features"].to_dict() == {"redline_urban": 1, "redline_built": 1}


def test_hazards_and_corridors_count_by_cell() -> None:
    made = planned()
    classes = np.zeros(GRID.shape, np.int32)
    classes[-2:, :4] = 5
    made.put("landslide_class", xr.DataArray(classes, dims=("y", "x")))
    ground = np.zeros(GRID.shape, np.int32)
    ground[-1, 4:6] = 1
    made.put("corridor_ground", xr.DataArray(ground, dims=("y", "x")))
    made.put("flood_risk_areas", gpd.GeoSeries([box(30, 0, 60, 10), box(30, 0, 35, 10)], ["f", "g"], crs=4549))
    table = conflicts(made.zones())
    found = summed(table.overlaps).set_index("conflict")["area"]
    assert found["built_landslide"] == pytest.approx(2 * 4 * 25.0)
    assert found["built_corridor"] == pytest.approx(2 * 25.0)
    # Ground under two flooded parts counts once.
    assert found["built_flood"] == pytest.approx(100.0)
    assert found["urban_flood"] == pytest.approx(200.0)
    works = table.overlaps.set_index(["conflict", "feature"])
    assert works["area"]["built_corridor", "w"] == pytest.approx(50.0)
    outline = shapely.from_wkb(works["shape"]["built_flood", "w"])
    assert outline.equals(box(30, 0, 40, 10))
    assert table.lacking == {}


def test_a_pair_without_its_data_is_not_checked_and_says_so() -> None:
    lacking = conflicts(planned().zones()).lacking
    assert lacking["built_flood"] == "flood_risk_areas"
    assert lacking["urban_corridor"] == "corridor_ground"
    assert {row.conflict for row in zone_conflicts()} >= set(lacking)
