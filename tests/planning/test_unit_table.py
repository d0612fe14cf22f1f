"""Indicators over zones: sums add up, shares are shares, absence is told."""

import dataclasses
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import Point, box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import Factor, FactorBook
from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.core.text import known
from citybraid.planning import statistics
from citybraid.planning.chain import missing_links
from citybraid.planning.control_table import STATES, control_table
from citybraid.planning.failing import failing_parcels
from citybraid.planning.rows import Reading, controls, indicators, quantities_of, required_quantities
from citybraid.planning.scorecard import Target, scorecard
from citybraid.planning.unit_table import unit_table
from citybraid.planning.zones import Zones
from citybraid.sources.protocol.quantities import vocabulary

GRID = GeoBox.from_bbox((0, 0, 100, 50), crs="EPSG:4549", resolution=5)
BOOK = FactorBook((Factor("control_limit", "waterlog", 0.15, "m", "recalled_unverified"),))


class Made:
    """A Place of two zones side by side with three buildings, one of them outside."""

    def __init__(self, zones: str = "units") -> None:
        self.values: dict[str, Any] = {}
        self.place = Place()
        names = ["a", "b"]
        shapes = gpd.GeoSeries([box(0, 0, 50, 50), box(50, 0, 100, 50)], index=names, crs=4549)
        homes = gpd.GeoSeries(
            [box(5, 5, 15, 15), box(60, 10, 80, 20), box(200, 200, 210, 210)], ["x", "y", "z"], crs=4549
        )
        self.put(zones, shapes)
        self.put("study_area", gpd.GeoSeries([box(0, 0, 100, 50)], ["all"], crs=4549))
        self.put("buildings", homes)
        self.shapes = shapes.rename(zones)

    def put(self, name: str, value: Any, **at: str) -> None:
        var = vocabulary()[name]
        layer = Layer(var, f"{name}{at}", GRID if var.on == "grid" else None, frozenset(at.items()))
        self.values[layer.key] = value
        self.place = self.place.put([*self.place.layers.get(name, ()), layer])

    def zones(self) -> Zones:
        return Zones(self.shapes, self.place, lambda layer: self.values[layer.key], GRID)

    def column(self, *values: float) -> pd.Series:
        return pd.Series(list(values), index=["x", "y", "z"])


def raster(left: float, right: float) -> xr.DataArray:
    data = np.full(GRID.shape, right)
    data[:, :10] = left
    return xr.DataArray(data, dims=("y", "x"))


def table(made: Made, *names: str) -> pd.DataFrame:
    return unit_table(made.zones(), [indicators()[name] for name in names]).by_zone


def test_zones_and_what_lies_between_them_sum_to_the_whole_area() -> None:
    made = Made()
    made.put("building_emissions", made.column(1000.0, 3000.0, 7000.0))
    found = table(made, "building_emissions")["building_emissions"]
    assert found.to_dict() == {"a": 1.0, "b": 3.0, WHOLE_AREA: 4.0}


def test_a_column_without_any_value_has_no_sum() -> None:
    """Heat of old people was 0 person-hours in a village whose files do not tell how old anyone is."""
    made = Made()
    made.put("elderly_heat_person_hours", made.column(np.nan, np.nan, np.nan))
    assert "elderly_heat_person_hours" not in table(made, "elderly_heat_person_hours")
    made.put("elderly_heat_person_hours", made.column(np.nan, 2.0, np.nan))
    assert table(made, "elderly_heat_person_hours")["elderly_heat_person_hours"].to_dict()[WHOLE_AREA] == 2.0


def test_a_raster_mean_ignores_cells_without_value() -> None:
    made = Made()
    values = raster(30.0, 32.0)
    values[:, 0] = np.nan
    made.put("air_temperature", values)
    found = table(made, "air_temperature")["air_temperature"]
    assert found["a"] == pytest.approx(30.0)
    assert found[WHOLE_AREA] == pytest.approx((9 * 30 + 10 * 32) / 19)


def test_the_worst_event_is_the_one_of_the_longest_return_period() -> None:
    made = Made()
    for label, years, depth in (("p5", 5.0, 0.1), ("p100", 100.0, 0.5), ("p20", 20.0, 0.3)):
        made.put("return_period", years, event=label)
        made.put("max_depth", raster(depth, 0.0), event=label)
    found = table(made, "flooded_area", "flooded_share")
    assert found["flooded_area"][WHOLE_AREA] == pytest.approx(0.25)
    assert found["flooded_share"].tolist() == pytest.approx([100.0, 0.0, 50.0])


def test_permeable_paving_counts_as_pervious_ground_by_its_share_of_sealed_cells() -> None:
    made = Made()
    made.put("land_cover", raster(50, 30).astype(np.uint8))
    assert table(made, "pervious_share")["pervious_share"].tolist() == pytest.approx([0.0, 100.0, 50.0])
    made.put("permeable_paving", raster(0.4, 0.7))
    assert table(made, "pervious_share")["pervious_share"].tolist() == pytest.approx([40.0, 100.0, 70.0])


def test_canals_are_neither_reached_nor_lost_by_fire_engines() -> None:
    """A fifth of the demo's loss at the peak was canal surface: 79.4 % for 82.2 % of the land."""
    made = Made()
    made.put("fire_coverage", raster(1.0, 0.0))
    assert table(made, "fire_coverage")["fire_coverage"].tolist() == pytest.approx([100.0, 0.0, 50.0])
    cover = raster(50, 50).astype(np.uint8)
    cover[:, 10:15] = 80
    made.put("land_cover", cover)
    found = table(made, "fire_coverage")["fire_coverage"]
    assert found.tolist() == pytest.approx([100.0, 0.0, 100.0 * 10 / 15])


def test_second_rasters_that_may_be_absent_are_not_required() -> None:
    assert required_quantities("fire_coverage") == {"fire_coverage"}
    assert quantities_of("fire_coverage") == {"fire_coverage", "land_cover"}
    assert required_quantities("pervious_share") == {"land_cover"}


def test_a_combined_indicator_needs_its_first_part_alone() -> None:
    """As unit_table has it: without travel, sinks or photovoltaics there are net emissions, those of buildings."""
    assert required_quantities("net_emissions") == required_quantities("building_emissions")
    assert required_quantities("emissions_per_resident") == required_quantities("building_emissions") | {"residents"}
    assert quantities_of("net_emissions") > required_quantities("net_emissions")


def test_a_building_is_flooded_where_water_enters_it() -> None:
    made = Made()
    made.put("building_depth", made.column(0.4, 0.4, 0.9))
    assert table(made, "flooded_buildings")["flooded_buildings"].tolist() == [1.0, 1.0, 2.0]
    made.put("floor_height", made.column(0.6, np.nan, 0.0))
    assert table(made, "flooded_buildings")["flooded_buildings"].tolist() == [0.0, 1.0, 1.0]
    made.put("protection_height", made.column(np.nan, 0.5, np.nan))
    assert table(made, "flooded_buildings")["flooded_buildings"].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("second", ["floor_height", "protection_height", "floor_height protection_height"])
def test_floors_and_barriers_keep_water_out_alike_in_counts_and_depths(second: str) -> None:
    """Two statistics, one reading of what keeps water out: a building is counted where its depth is."""
    made = Made()
    made.put("building_depth", made.column(0.4, 0.5, 0.9))
    for name, values in (("floor_height", (0.4, np.nan, 0.0)), ("protection_height", (np.nan, 0.5, np.nan))):
        if name in second.split():
            made.put(name, made.column(*values))
    reading = Reading("", "building_depth", second, "0.0", "worst", 1.0)
    count, _ = statistics.column_count_above(made.zones(), reading)
    depth, _ = statistics.column_max_above(made.zones(), reading)
    assert (count > 0).tolist() == (depth > 0).tolist()
    assert count.tolist() == [0.0 if "floor" in second else 1.0, 0.0 if "protection" in second else 1.0]


def test_a_combined_indicator_says_which_parts_it_does_without() -> None:
    made = Made()
    made.put("building_emissions", made.column(1000.0, 3000.0, 0.0))
    made.put("green_sink", raster(0.4, 0.0))
    found = unit_table(made.zones(), indicators().values())
    assert found.by_zone["net_emissions"][WHOLE_AREA] == pytest.approx(4.0 - 0.4 * 2500 / 1000)
    assert found.partial["net_emissions"] == ("transport_emissions", "pv_avoided")
    assert found.lacking["air_temperature"] == "air_temperature"


def test_a_control_is_stated_computed_checked_or_a_gap_that_says_what_it_needs() -> None:
    made = Made("parcels")
    made.put("floor_area_ratio", pd.Series([1.0, np.nan], index=["a", "b"]))
    made.put("land_use", pd.Series(["0701", ""], index=["a", "b"]))
    made.put("floor_area", made.column(2525.0, 500.0, 10.0))
    made.put("height", made.column(12.0, 50.0, 99.0))
    made.put("height_limit", pd.Series([24.0, 24.0], index=["a", "b"]))
    made.put("building_depth", made.column(0.0, 0.4, 9.0))
    found = control_table(made.zones(), BOOK, region="", year=2025).set_index(["parcel", "control"])
    assert set(found["state"]) <= set(STATES)
    state = found["state"]
    assert (state["a", "far"], state["b", "far"]) == ("passed", "computed")
    assert (state["a", "height"], state["b", "height"]) == ("passed", "failed")
    assert (state["a", "waterlog"], state["b", "waterlog"]) == ("passed", "failed")
    assert (state["a", "land_use"], state["b", "land_use"]) == ("stated", "gap")
    assert state["a", "runoff"] == "gap"
    assert found["needs"]["a", "runoff"] == "var.annual_runoff_control"
    assert found["needs"]["a", "green_building"] == "control_needs.column_building_stars"
    assert found["excess"]["b", "height"] == pytest.approx(26 / 24)
    assert len(found) == 2 * len(controls())


def test_both_ends_of_a_span_are_checked_and_reported() -> None:
    """Ratios of 1.01 and 0.2 on 2 500 m2 against 1.2-2.0 and 0.5-2.0; green of 60 % against at most 20 %."""
    made = Made("parcels")
    made.put("floor_area_ratio", pd.Series([2.0, 2.0], index=["a", "b"]))
    made.put("least_floor_area_ratio", pd.Series([1.0, 0.5], index=["a", "b"]))
    made.put("most_green_ratio", pd.Series([0.2, 0.2], index=["a", "b"]))
    made.put("land_cover", raster(30, 50).astype(np.uint8))
    made.put("floor_area", made.column(2525.0, 500.0, 10.0))
    found = control_table(made.zones(), BOOK, region="", year=2025).set_index(["parcel", "control"])
    assert (found["state"]["a", "far"], found["state"]["b", "far"]) == ("passed", "failed")
    assert found["stated"]["b", "far"] == 2.0
    assert found["opposite"]["b", "far"] == 0.5
    assert (found["limit"]["a", "far"], found["limit"]["b", "far"]) == (2.0, 0.5)
    assert found["computed"]["b", "far"] == pytest.approx(0.2)
    assert found["excess"]["b", "far"] == pytest.approx((0.5 - 0.2) / 0.5)
    assert (found["state"]["a", "gr"], found["state"]["b", "gr"]) == ("failed", "passed")
    assert found["limit"]["a", "gr"] == pytest.approx(20.0)
    assert found["computed"]["a", "gr"] == pytest.approx(100.0)


def test_above_the_upper_end_is_missed_as_before() -> None:
    made = Made("parcels")
    made.put("height_limit", pd.Series([24.0, 24.0], index=["a", "b"]))
    made.put("least_height", pd.Series([12.0, np.nan], index=["a", "b"]))
    made.put("height", made.column(30.0, 5.0, 99.0))
    found = control_table(made.zones(), BOOK, region="", year=2025).set_index(["parcel", "control"])
    assert (found["state"]["a", "height"], found["limit"]["a", "height"]) == ("failed", 24.0)
    assert (found["state"]["b", "height"], found["limit"]["b", "height"]) == ("passed", 24.0)


def runoff(stated: tuple[float, float] | None = None, *, uses: str = "", **words: float) -> pd.DataFrame:
    made = Made("parcels")
    if uses:
        made.put("land_use", pd.Series(uses.split(), index=["a", "b"]))
    made.put("annual_runoff_control", raster(0.6, 0.8))
    if stated is not None:
        made.put("planned_runoff_control", pd.Series(stated, index=["a", "b"]))
    found = control_table(made.zones(), BOOK, region="", year=2025, targets=words)
    return found[found["control"] == "runoff"].set_index("parcel")


def test_a_target_of_the_study_is_checked_on_every_parcel() -> None:
    bare, asked = runoff(), runoff(runoff=0.75)
    assert bare["state"].tolist() == ["computed", "computed"]
    assert asked["limit"].tolist() == [75.0, 75.0]
    failed = asked["computed"] < 75.0 * 0.98
    assert asked["state"].tolist() == ["failed" if miss else "passed" for miss in failed]
    assert failed.any()
    assert not failed.all()


def test_a_parcel_without_a_stated_value_is_checked_against_the_study_s_target() -> None:
    found = runoff((0.55, np.nan), runoff=0.9)
    assert found["limit"].tolist() == pytest.approx([55.0, 90.0])
    assert set(found["state"]) <= {"passed", "failed"}


@pytest.mark.parametrize("water", ["17", "1701", "0507", "20"])
def test_a_river_is_held_to_no_runoff_target_but_to_its_own_value(water: str) -> None:
    found = runoff(uses=f"{water} 0701", runoff=0.9)
    assert found["state"].tolist() == ["computed", "failed"]
    assert np.isnan(found["limit"]["a"])
    stated = runoff((0.95, np.nan), uses=f"{water} 0701", runoff=0.9)
    assert stated["limit"].tolist() == pytest.approx([95.0, 90.0])
    assert stated["state"].tolist() == ["failed", "failed"]


def test_a_control_is_refused_where_the_pixels_behind_it_are_too_coarse() -> None:
    made = Made("parcels")
    made.put("building_depth", made.column(0.4, 0.4, 0.0))
    key = made.place.one("building_depth").key
    coarse = dataclasses.replace(made.zones(), native={key: 28.3})
    fine = dataclasses.replace(made.zones(), native={key: 5.0})
    state = {
        name: control_table(zones, BOOK, region="", year=2025).set_index(["parcel", "control"])
        for name, zones in (("coarse", coarse), ("fine", fine))
    }
    assert state["fine"]["state"]["a", "waterlog"] == "failed"
    assert state["coarse"]["state"]["a", "waterlog"] == "gap"
    assert state["coarse"]["needs"]["a", "waterlog"] == "control_needs.finer_data"


def test_the_parcel_that_misses_most_binding_controls_comes_first() -> None:
    made = Made("parcels")
    made.put("height", made.column(30.0, 50.0, 0.0))
    made.put("height_limit", pd.Series([24.0, 24.0], index=["a", "b"]))
    made.put("building_depth", made.column(0.5, 0.0, 0.0))
    found = failing_parcels(control_table(made.zones(), BOOK, region="", year=2025))
    assert [row.parcel for row in found] == ["a", "b"]
    assert set(found[0].controls) == {"height", "waterlog"}


def test_water_that_a_floor_or_a_barrier_keeps_out_breaches_no_limit_of_water_at_buildings() -> None:
    made = Made("parcels")
    made.put("building_depth", made.column(0.4, 0.4, 0.0))
    open_state = control_table(made.zones(), BOOK, region="", year=2025).set_index(["parcel", "control"])["state"]
    assert (open_state["a", "waterlog"], open_state["b", "waterlog"]) == ("failed", "failed")
    made.put("floor_height", made.column(0.6, 0.39, np.nan))
    made.put("protection_height", made.column(np.nan, np.nan, np.nan))
    raised = control_table(made.zones(), BOOK, region="", year=2025).set_index(["parcel", "control"])
    assert raised["computed"]["a", "waterlog"] == 0.0
    assert raised["computed"]["b", "waterlog"] == 0.4
    assert (raised["state"]["a", "waterlog"], raised["state"]["b", "waterlog"]) == ("passed", "failed")
    made.put("protection_height", made.column(np.nan, 0.9, np.nan))
    kept_out = control_table(made.zones(), BOOK, region="", year=2025).set_index(["parcel", "control"])
    assert kept_out["state"]["b", "waterlog"] == "passed"


def test_a_red_objective_names_the_unit_that_adds_most() -> None:
    units = pd.DataFrame({"flooded_area": [1.0, 3.0, 4.0]}, index=["a", "b", WHOLE_AREA])
    targets = [Target("dry", "flooded_area", 2.0), Target("cool", "air_temperature", 30.0)]
    card = scorecard(targets, {"now": units}, currency="CNY")
    assert card["state"].tolist() == ["red", "grey"]
    assert card["cause"][0] == "b"
    assert card["cause_share"][0] == pytest.approx(0.75)


def test_broken_links_of_the_chain_are_findings() -> None:
    targets = [Target("one", "flooded_area", 1.0), Target("two", "air_temperature", 1.0, ("street_trees", "magic"))]
    found = {(each.text, each.objective) for each in missing_links(targets, ["street_trees"], ["flooded_area"])}
    assert found == {("chain.no_measure", "one"), ("chain.unknown_measure", "two"), ("chain.not_computed", "two")}


@pytest.mark.parametrize("row", list(indicators().values()), ids=lambda row: row.id)
def test_an_indicator_names_what_exists(row: Any) -> None:
    assert known(f"indicator.{row.id}")
    assert known(f"instrument.{row.instrument}")
    assert row.direction in ("lower", "higher", "none")
    if row.reading.statistic not in ("combined", "quotient"):
        assert hasattr(statistics, row.reading.statistic)
        assert {*row.reading.var.split(), *row.reading.second.split()} <= set(vocabulary())


@pytest.mark.parametrize("row", list(controls().values()), ids=lambda row: row.id)
def test_a_control_names_what_exists_or_what_it_needs(row: Any) -> None:
    assert known(f"control.{row.id}")
    assert row.stated in ("", *vocabulary())
    assert row.reading or row.needs or row.stated
    if row.needs:
        assert known(f"control_needs.{row.needs}")
    if row.reading:
        assert hasattr(statistics, row.reading.statistic)
        assert known(f"formula.{row.formula}")


def test_a_feature_on_a_shared_boundary_counts_once() -> None:
    made = Made()
    shapes = made.shapes
    zones = Zones(shapes, made.place, lambda layer: made.values[layer.key], GRID)
    made.values[made.place.one("buildings").key] = gpd.GeoSeries(
        [Point(50, 25).buffer(1), box(1, 1, 2, 2), box(3, 3, 4, 4)], index=["x", "y", "z"], crs=4549
    )
    assert (zones.home("buildings") >= -2).all()
    made.put("residents", made.column(1.0, 1.0, 1.0))
    found = table(made, "residents")["residents"]
    assert found["a"] + found["b"] <= found[WHOLE_AREA] == 3.0


def test_water_bodies_and_detention_areas_are_not_flooded_land() -> None:
    made = Made()
    made.put("max_depth", raster(0.5, 0.5))
    kinds = np.zeros(GRID.shape, np.uint8)
    kinds[:, :2], kinds[:, 2:4], kinds[:, 4:5] = 1, 2, 3
    made.put("water_body", xr.DataArray(kinds, dims=("y", "x")))
    found = table(made, "flooded_area", "flooded_share", "water_raised_area", "detention_used_area")
    column = 10 * 25 / 1e4
    assert found["flooded_area"].tolist() == pytest.approx([5 * column, 10 * column, 15 * column])
    assert found["flooded_share"].tolist() == pytest.approx([100.0, 100.0, 100.0])
    assert found["water_raised_area"][WHOLE_AREA] == pytest.approx(3 * column)
    assert found["detention_used_area"][WHOLE_AREA] == pytest.approx(2 * column)
