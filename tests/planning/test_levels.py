"""Levels nest and are checked; indicators of small zones add up to those of large ones by the rule of their row."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning import weights
from citybraid.planning.aggregation import Parts, joined, rule_across, rule_of, weigh
from citybraid.planning.levels import by_parent, level_sums, nested, plan_levels
from citybraid.planning.rows import indicators
from tests.planning.test_unit_table import GRID, Made, raster, table

UNITS = gpd.GeoSeries([box(0, 0, 50, 50), box(50, 0, 100, 50)], index=["a", "b"], crs=4549)


def kinds(**levels: gpd.GeoSeries) -> list[tuple[str, str, str]]:
    found = nested(levels).problems
    return [(str(row.level), str(row.zone), str(row.kind)) for row in found.itertuples()]


def series(*shapes: object) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=[f"p{at}" for at in range(len(shapes))], crs=4549)


def test_every_indicator_has_a_rule_and_every_mean_a_weight() -> None:
    for row in indicators().values():
        rule = rule_of(row)
        if rule == "mean":
            assert hasattr(weights, row.reading.statistic), row.id
        if row.reading.statistic == "combined":
            assert row.extensive, "a combination of means is no mean"
        if row.extensive:
            assert rule_across(row) == "sum"


def test_levels_stand_in_order_and_have_tables() -> None:
    assert [level.level for level in plan_levels()] == ["municipality", "jurisdiction", "unit", "block", "parcel"]


def test_what_nests_is_told_nothing_of() -> None:
    assert kinds(unit=UNITS, parcel=series(box(5, 5, 45, 45), box(55, 5, 95, 45))) == []


def test_each_kind_of_fault_is_told() -> None:
    across, lost = box(40, 0, 60, 20), box(200, 0, 220, 20)
    assert kinds(unit=UNITS, parcel=series(across, lost)) == [("parcel", "p0", "two"), ("parcel", "p1", "none")]
    assert kinds(unit=UNITS, parcel=series(box(90, 0, 110, 20))) == [("parcel", "p0", "outside")]
    assert kinds(unit=UNITS, parcel=series(box(0, 0, 20, 20), box(10, 0, 30, 20))) == [("parcel", "p0", "overlap")]
    towns = gpd.GeoSeries([box(0, 0, 120, 50)], index=["town"], crs=4549)
    assert kinds(jurisdiction=towns, unit=UNITS) == [("jurisdiction", "town", "hole")]


def test_a_fault_is_as_large_as_it_is() -> None:
    row = nested({"unit": UNITS, "parcel": series(box(40, 0, 60, 20))}).problems.iloc[0]
    assert (row["others"], row["area"], row["share"]) == ("a b", pytest.approx(200.0), pytest.approx(0.5))


def test_a_level_between_that_the_plan_lacks_is_passed_over() -> None:
    found = nested({"jurisdiction": UNITS, "parcel": series(box(60, 5, 70, 15))})
    assert found.parents["parcel"].to_dict() == {"p0": "b"}


def test_means_of_zones_make_up_the_mean_of_both() -> None:
    made = Made()
    values = raster(30.0, 32.0)
    values[:, 0] = np.nan
    made.put("air_temperature", values)
    made.put("land_cover", raster(50, 30).astype(np.uint8))
    made.put("residents", made.column(3.0, 9.0, 4.0))
    made.put("car_distance", made.column(30.0, 180.0, 4.0))
    names = ("air_temperature", "pervious_share", "blue_green_share", "residents", "car_distance_per_resident")
    found = table(made, *names)
    told = level_sums(found, weigh(made.zones(), found), "unit").set_index("indicator")
    for name in names:
        assert told["zones"][name] == pytest.approx(found[name][WHOLE_AREA]), name
    # By another route: 210 km of 12 people.
    assert told["zones"]["car_distance_per_resident"] == pytest.approx(210.0 / 12.0)
    assert told["outside"]["residents"] == pytest.approx(0.0)


def test_what_lies_outside_the_zones_closes_the_sum() -> None:
    made = Made()
    made.shapes = made.shapes.loc[["a"]]
    made.put("building_emissions", made.column(1000.0, 3000.0, 7000.0))
    found = table(made, "building_emissions")
    row = level_sums(found, weigh(made.zones(), found), "unit").iloc[0]
    # Building y stands in the study area, outside zone a; z outside both.
    assert (row["zones"], row["outside"], row["whole"]) == (1.0, 3.0, 4.0)


def test_a_quotient_is_computed_again() -> None:
    parts = pd.DataFrame(
        {"net_emissions": [10.0, 30.0], "residents": [5.0, 5.0], "emissions_per_resident": [2.0, 6.0],
         "longest_isolation": [3.0, np.nan]}
    )  # fmt: skip
    found = joined(Parts(parts, pd.DataFrame(index=parts.index)))
    assert found["emissions_per_resident"] == pytest.approx(4.0)
    assert found["longest_isolation"] == 3.0


def test_numbers_of_whole_areas_add_up_across_jurisdictions_only() -> None:
    parts = pd.DataFrame({"inventory_emissions": [10.0, 30.0], "typhoon_wind": [20.0, 30.0]})
    none = pd.DataFrame(index=parts.index)
    assert np.isnan(joined(Parts(parts, none))["inventory_emissions"])
    across = joined(Parts(parts, none), across=True)
    assert across["inventory_emissions"] == 40.0
    assert np.isnan(across["typhoon_wind"])


def test_a_sum_of_fewer_than_all_is_no_sum() -> None:
    parts = pd.DataFrame({"net_emissions": [10.0, np.nan], "air_temperature": [20.0, 22.0]})
    weight = pd.DataFrame({"air_temperature": [1.0, np.nan]})
    found = joined(Parts(parts, weight), across=True)
    assert np.isnan(found["net_emissions"])
    assert np.isnan(found["air_temperature"])


@given(seed=st.integers(0, 10_000), count=st.integers(1, 6))
def test_quarters_make_up_halves(seed: int, count: int) -> None:
    """Zones of one grid cut in strips, their parents the halves: the halves' own values come out."""
    rng = np.random.default_rng(seed)
    made = Made()
    values = raster(0.0, 0.0)
    values[:] = rng.uniform(10, 40, GRID.shape)
    values.to_numpy()[rng.random(GRID.shape) < 0.2] = np.nan
    made.put("air_temperature", values)
    halves = table(made, "air_temperature")["air_temperature"]
    edges = np.linspace(0, 50, count + 1)
    strips = [box(left, low, left + 50, high) for left in (0, 50) for low, high in pairwise(edges)]
    homes = pd.Series(["a"] * count + ["b"] * count, index=[f"s{at}" for at in range(2 * count)])
    made.shapes = gpd.GeoSeries(strips, index=list(homes.index), crs=4549).rename("blocks")
    found = table(made, "air_temperature")
    up = by_parent(found, weigh(made.zones(), found), homes, ["a", "b"])["air_temperature"]
    assert up.to_numpy() == pytest.approx(halves[["a", "b"]].to_numpy(), nan_ok=True)
