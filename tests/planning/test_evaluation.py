"""Evaluation of a plan: lists whose indicators are computed or say what they need, and objectives with their trend."""

import csv
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import known, say
from citybraid.planning import statistics
from citybraid.planning.master import master_indicators, master_values
from citybraid.planning.review.evaluation import (
    Aim,
    evaluation_indicators,
    evaluation_list,
    grade,
    helping_measures,
    progress,
)
from citybraid.planning.rows import indicators
from tests.planning.test_unit_table import Made, raster


def listed(made: Made, **whole: float) -> pd.DataFrame:
    zones = made.zones()
    return evaluation_list(zones, whole, master_values(zones)).set_index("id")


def test_the_whole_list_of_122_is_there_by_the_names_of_the_facts(cases: Path) -> None:
    with (cases / "facts" / "tdt1063_2021_full_list.csv").open(encoding="utf-8") as lines:
        names = {f"tdt_{row['no']}": row["name_zh"] for row in csv.DictReader(lines)}
    assert {row.id for row in evaluation_indicators().values() if row.list == "tdt1063"} == set(names)
    assert all(say(f"evaluation.{name}", "zh") == title for name, title in names.items())


def test_every_row_is_computed_or_says_what_it_needs() -> None:
    for row in evaluation_indicators().values():
        assert bool(row.indicator) + bool(row.master) + bool(row.statistic) + bool(row.needs) == 1, row.id
        assert bool(row.fit) == (not row.needs), row.id
        assert bool(row.near) == (row.fit == "near"), row.id
        assert not row.near or known(f"evaluation_near.{row.near}"), row.id
        assert not row.master or row.master in master_indicators(), row.id
        assert not row.indicator or row.indicator in indicators(), row.id
        assert not row.statistic or hasattr(statistics, row.statistic), row.id
        for text in (f"evaluation.{row.id}", f"evaluation_dimension.{row.dimension}",
                     f"evaluation_subclass.{row.subclass}"):  # fmt: skip
            assert known(text), text
        assert not row.needs or known(f"evaluation_needs.{row.needs}"), row.id


def test_readings_of_their_own_by_pencil() -> None:
    """100 m of street on 100 x 50 m are 20 km/km2; 30 people on 5 000 m2 are 6 000 a km2; half the area is water.

    A park of 300 m2 is 10 m2 for each of 30 people; with a plot of homes of 1 200 m2 it is all construction land.
    """
    made = Made()
    made.put("streets", gpd.GeoSeries([LineString([(0, 25), (100, 25)]), LineString([(0, 90), (100, 90)])], ["s", "t"],
                                      crs=4549))  # fmt: skip
    made.put("residents", made.column(10.0, 20.0, 999.0))
    made.put("land_cover", raster(80, 50).astype(np.uint8))
    made.put("height", made.column(120.0, 30.0, 400.0))
    made.put("resident_trips", made.column(40.0, 60.0, 999.0))
    made.put("green_trips", made.column(30.0, 40.0, 1.0))
    plots = [box(0, 0, 20, 15), box(60, 0, 90, 40), box(20, 30, 40, 40)]
    made.put("parcels", gpd.GeoSeries(plots, ["park", "homes", "field"], crs=4549))
    made.put("land_use", pd.Series(["1401", "070102", "0101"], index=["park", "homes", "field"]))
    found = listed(made, fire_coverage=82.0)["value"]
    assert found["tdt_32"] == pytest.approx(20.0)
    assert found["tdt_45"] == pytest.approx(6000.0)
    assert found["tdt_7"] == pytest.approx(50.0)
    assert found["tdt_22"] == 1.0
    assert found["resilience_b2"] == pytest.approx(50.0)
    assert found["tdt_77"] == pytest.approx(70.0)
    assert found["tdt_46"] == pytest.approx((300.0 + 1200.0) * 1e-6)
    assert found["tdt_114"] == pytest.approx(300.0 / 30.0)
    assert found["tdt_19"] == 82.0


def test_what_is_not_computed_names_what_it_needs() -> None:
    found = listed(Made())["needs"]
    assert found["tdt_32"] == "var.streets"
    assert found["tdt_19"] == "indicator.fire_coverage"
    assert found["tdt_10"] == "var.zone_code"
    assert found["tdt_6"] == "var.land_use"
    assert found["tdt_12"] == "evaluation_needs.land_survey"


def test_land_of_the_plan_by_pencil() -> None:
    """Plots of 100 m2: homes, works, fields, land kept free, wetland; 20 people live in the area."""
    made = Made()
    names = ["homes", "works", "fields", "free", "marsh"]
    squares = [box(10.0 * at, 0.0, 10.0 * at + 10.0, 10.0) for at in range(5)]
    made.put("parcels", gpd.GeoSeries(squares, names, crs=4549))
    made.put("land_use", pd.Series(["070102", "1001", "0101", "16", "0501"], names))
    made.put("residents", made.column(8.0, 12.0, 999.0))
    found = listed(made)["value"]
    assert found["tdt_11"] == found["tdt_6"] == pytest.approx(100e-6)
    assert found["tdt_46"] == pytest.approx(300e-6)
    assert found["tdt_30"] == found["tdt_35"] == found["resilience_g0"] == pytest.approx(100.0 / 3.0)
    assert found["tdt_55"] == pytest.approx(100.0 / 20.0)
    assert found["tdt_54"] == pytest.approx(300.0 / 20.0)
    assert found["tdt_109"] == 0.0


@pytest.mark.parametrize(
    ("before", "after", "target", "lower", "expected"),
    [(9.0, 4.0, 5.0, True, "green"), (9.0, 7.0, 5.0, True, "amber"), (9.0, 9.0, 5.0, True, "red"),
     (9.0, 9.5, 5.0, True, "red"), (20.0, 30.0, 30.0, False, "green"), (20.0, 25.0, 30.0, False, "amber"),
     (20.0, 15.0, 30.0, False, "red"), (20.0, math.nan, 30.0, False, "grey")],
)  # fmt: skip
def test_grades(before: float, after: float, target: float, *, lower: bool, expected: str) -> None:
    assert grade(before, after, target, lower=lower) == expected


def units(flooded: float) -> pd.DataFrame:
    return pd.DataFrame({"flooded_area": [flooded]}, index=pd.Index([WHOLE_AREA], name="zone"))


def test_an_objective_has_the_change_a_year_that_it_needs_and_the_planned_one() -> None:
    """From 12 ha in 2025 to 2 ha in 2035 needs 1 ha less a year; the plan reaches 7 ha, 0.5 ha less a year."""
    row = progress([Aim("dry", "flooded_area", 2.0, 2035)], units(12.0), units(7.0), year=2025).iloc[0]
    assert (row["needed_a_year"], row["planned_a_year"], row["grade"]) == (-1.0, -0.5, "amber")
    timeless = progress([Aim("dry", "flooded_area", 2.0, None)], units(12.0), units(7.0), year=2025).iloc[0]
    assert math.isnan(timeless["needed_a_year"])


def test_a_baseline_that_reaches_the_target_needs_no_change() -> None:
    """2 ha today under a limit of 12 ha: 1 ha more a year may be added, but nobody needs it."""
    row = progress([Aim("dry", "flooded_area", 12.0, 2035)], units(2.0), units(7.0), year=2025).iloc[0]
    assert (row["needed_a_year"], row["planned_a_year"], row["grade"]) == (0.0, 0.5, "green")


def test_measures_that_would_help_are_the_strongest_with_the_value_each_leads_to() -> None:
    rows = progress([Aim("dry", "flooded_area", 2.0, 2035)], units(12.0), units(7.0), year=2025)
    effects = pd.DataFrame(
        {"measure": ["a", "b", "c", "d", "e"], "zone": WHOLE_AREA, "indicator": "flooded_area",
         "change": [-1.0, -5.5, 2.0, -3.0, -2.0]}
    )  # fmt: skip
    found = helping_measures(rows, effects)
    assert found[["measure", "value", "reaches"]].to_numpy().tolist() == [
        ["b", 1.5, True], ["d", 4.0, False], ["e", 5.0, False],
    ]  # fmt: skip
    assert helping_measures(rows, None).empty
