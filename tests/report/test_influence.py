"""Factors to be confirmed stand by their influence on the indicator, not by the count of their rows."""

from dataclasses import replace

import pytest

from citybraid.core import factor
from citybraid.core.rows.plan import FactorInfluence
from citybraid.core.tables import read_table
from citybraid.planning.rows import indicators
from citybraid.report.chapter import in_words
from citybraid.report.remarks.influence import basis_table, influence_table
from citybraid.report.view import View
from citybraid.study.run.run import Run


def resting_on(run: Run, factors: dict[str, int]) -> View:
    """A view of a run whose floods rest on some rows of some factors, all of them to be confirmed."""
    manifest = run.manifest
    row = manifest.factors["f1"].model_copy(update={"status": "recalled_unverified"})
    rows = {
        f"{name}{at}": row.model_copy(update={"factor": name, "key": str(at)})
        for name, count in factors.items()
        for at in range(count)
    }
    of_step = {name: tuple(f"{name}{at}" for at in range(count)) for name, count in factors.items()}
    step = manifest.steps["s1"].model_copy(update={"factors": of_step})
    return View(replace(run, manifest=manifest.model_copy(update={"steps": {"s1": step}, "factors": rows})))


def test_one_row_that_matters_stands_before_many_that_do_not(town_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = {("flooded_area", "manning_n"): 0.3, ("flooded_area", "green_ampt"): 4.0}
    monkeypatch.setattr("citybraid.report.remarks.influence._changes", lambda: changes)
    view = resting_on(town_run, {"road_speed": 2, "manning_n": 9, "green_ampt": 1})
    table = influence_table(view, ["flooded_area"])
    assert table is not None
    assert [in_words(name, "en") for name in table.frame["factor"]] == [
        "Green-Ampt infiltration", "Manning roughness", "road speeds",
    ]  # fmt: skip
    assert list(table.frame["count"]) == [1, 9, 2]
    assert in_words(table.frame["status"].iloc[0], "zh") == "来源待核"


def test_beside_the_share_of_rows_stands_what_one_factor_changes(
    town_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of siting rules make a large share of rows that changes nothing."""
    changes = {("flooded_area", "manning_n"): 0.3, ("flooded_area", "green_ampt"): 4.0, ("residents", "archetype"): 9.0}
    monkeypatch.setattr("citybraid.report.remarks.influence._changes", lambda: changes)
    view = resting_on(town_run, {"road_speed": 2, "manning_n": 9, "green_ampt": 1})
    table = basis_table(view, ["flooded_area", "residents"])
    assert table is not None
    assert table.frame["share"].iloc[0] == 100.0
    assert table.frame["most"].iloc[0] == 4.0
    assert table.frame["most"].isna().iloc[1]


def test_rows_name_indicators_and_factors_that_there_are() -> None:
    rows = read_table(FactorInfluence)
    assert len(rows) > 20
    assert {row.indicator for row in rows} <= set(indicators())
    assert {row.factor for row in rows} <= {row.factor for row in factor.shipped().rows}


def test_no_source_says_that_it_was_recalled() -> None:
    rows = factor.shipped().rows
    assert [row for row in rows if "recalled" in f"{row.source} {row.note}"] == []


def test_what_was_found_in_stored_sources_is_no_longer_to_be_confirmed() -> None:
    status = {(row.factor, row.key): row.status for row in factor.shipped().rows if row.region in ("", "CN")}
    for found in (
        ("manning_n", "trees"), ("zone_capacity", "residential"), ("green_ampt", "C/suction"), ("household_size", ""),
        ("living_area_per_person", ""), ("control_limit", "waterlog"), ("street_water_limit", ""),
        ("manning_n", "road"), ("green_ampt", "D/porosity"), ("depression_storage", "grass"),
        ("crop_coefficient", "water"), ("dense_quarter", "sky_view"), ("turnout_time", "fire_station"),
        ("building_physics", "radiant_inside"), ("building_physics", "sky_depression"),
        ("building_physics", "people_sensible"), ("curve_number", "shrubs/B"), ("curve_number", "water/A"),
        ("measure_site", "rain_garden/1504"), ("warning_lead_time", ""),
        ("green_access", "distance"),
    ):  # fmt: skip
        assert status[found] == "verified"
