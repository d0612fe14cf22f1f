"""Clauses as rows: what each asks for is compared with what was computed, and nothing is claimed beyond it."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from citybraid.core.text import known
from citybraid.planning.control_table import control_table
from citybraid.planning.review.standards import check_standards, standards
from citybraid.planning.rows import controls, indicators
from tests.planning.test_unit_table import BOOK, Made


def checked(made: Made, whole: dict[str, float] | None = None, *, region: str = "CN", year: int = 2025) -> pd.DataFrame:
    table = control_table(made.zones(), BOOK, region=region, year=year)
    return check_standards(made.zones(), table, whole or {}, region=region, year=year).set_index("standard")


def homes(*statuses: str) -> Made:
    made = Made("parcels")
    made.put("land_use", pd.Series(["070102", "0901"], index=["a", "b"]))
    made.put("parcel_status", pd.Series(list(statuses), index=["a", "b"]))
    return made


def test_new_housing_above_80_m_is_missed_and_shops_and_existing_homes_are_not_asked() -> None:
    tall = homes("planned", "planned")
    tall.put("height", tall.column(81.0, 200.0, 10.0))
    row = checked(tall).loc["home_height"]
    assert (row["state"], row["value"], row["missed"], row["where"]) == ("failed", 81.0, 1, "a")
    existing = homes("built", "planned")
    existing.put("height", existing.column(81.0, 200.0, 10.0))
    assert checked(existing)["state"]["home_height"] == "not_applicable"
    exactly = homes("planned", "planned")
    exactly.put("height", exactly.column(80.0, 5.0, 10.0))
    assert checked(exactly)["state"]["home_height"] == "failed", "below 80 m, not 80 m"


def test_what_a_plan_states_counts_where_nothing_is_computed() -> None:
    made = homes("planned", "planned")
    made.put("planned_building_stars", pd.Series([1.0, 0.0], index=["a", "b"]))
    row = checked(made).loc["green_buildings"]
    assert (row["state"], row["checked"], row["missed"], row["where"]) == ("failed", 2, 1, "b")


def test_a_limit_that_a_clause_forbids_is_missed_whatever_is_built_below_it() -> None:
    """Homes of 60 m below a limit of 90 m: the plan allows more than the clause, and so does a green ratio of 20 %."""
    made = homes("planned", "built")
    made.put("height", made.column(60.0, 60.0, 10.0))
    made.put("height_limit", pd.Series([90.0, 90.0], index=["a", "b"]))
    made.put("green_ratio", pd.Series([0.2, 0.2], index=["a", "b"]))
    rows = checked(made)
    told = rows.loc[["home_height", "home_green"], ["state", "value", "where"]].to_numpy().tolist()
    assert told == [["failed", 90.0, "a"], ["failed", 20.0, "a"]]
    made.put("height_limit", pd.Series([78.0, 90.0], index=["a", "b"]))
    assert checked(made)["state"]["home_height"] == "passed"


def test_before_the_plan_is_built_new_plots_count_with_what_the_plan_states() -> None:
    made = homes("planned", "planned")
    made.put("height", made.column(90.0, 200.0, 10.0))
    table = control_table(made.zones(), BOOK, region="CN", year=2025)
    before = check_standards(made.zones(), table, {}, region="CN", year=2025, built=False).set_index("standard")
    assert (before["state"]["home_height"], before["needs"]["home_height"]) == (
        "not_computable", "standard_needs.plan_unbuilt",
    )  # fmt: skip
    made.put("height_limit", pd.Series([60.0, 60.0], index=["a", "b"]))
    table = control_table(made.zones(), BOOK, region="CN", year=2025)
    before = check_standards(made.zones(), table, {}, region="CN", year=2025, built=False).set_index("standard")
    assert (before["state"]["home_height"], before["value"]["home_height"]) == ("passed", 60.0)


def test_a_clause_that_only_suffices_proves_no_breach() -> None:
    made = homes("planned", "planned")
    made.put("pv_roof", made.column(0.0, 0.3, 0.0))
    row = checked(made).loc["solar"]
    assert (row["state"], row["missed"]) == ("unproven", 1)


def test_a_clause_of_another_region_or_year_does_not_apply() -> None:
    made = homes("planned", "planned")
    assert checked(made)["state"]["beijing_runoff"] == "not_applicable"
    assert checked(made, region="CN-BJ")["state"]["beijing_runoff"] == "not_computable"
    assert checked(made, region="CN-FJ-XM", year=2016)["state"]["xiamen_waterlogging"] == "not_computable"
    assert checked(made, region="CN-FJ-XM", year=2025)["state"]["xiamen_waterlogging"] == "not_applicable"


def test_what_is_lacking_is_named() -> None:
    found = checked(Made("parcels"))
    assert found["needs"]["home_height"] == "var.land_use"
    assert found["needs"]["review_farmland"] == "standard_needs.superior_quota"
    assert found["needs"]["building_water"] == "indicator.flooded_buildings"
    assert found["needs"]["shelter_target"] == "var.shelter_area_per_head"


@pytest.mark.parametrize(("count", "state"), [(0.0, "passed"), (3.0, "failed")])
def test_indicators_of_the_whole_area_are_compared(count: float, state: str) -> None:
    row = checked(Made("parcels"), {"flooded_buildings": count}).loc["building_water"]
    assert (row["state"], row["value"]) == (state, count)


@pytest.mark.parametrize(("left", "state"), [(0.0, "passed"), (84.0, "failed")])
def test_a_place_of_two_square_metres_is_for_who_needs_one_and_not_for_all_residents(left: float, state: str) -> None:
    """GB 51143 gives an area to each person in a shelter, 15 % of residents at least; 0.87 m² a resident is 5.8 m²."""
    made = homes("built", "built")
    made.put("shelter_area_per_head", 0.87)
    found = checked(made, {"people_unsheltered": left})
    assert (found["state"]["shelter_place"], found["value"]["shelter_place"]) == (state, left)
    places = {name for name in found.index if str(name).startswith("shelter")}
    assert places == {"shelter_emergency", "shelter_place", "shelter_target"}, "the area of a place is in no other row"


def test_rows_are_consistent_with_their_subjects_and_have_words() -> None:
    for row in standards().values():
        assert known(f"standard.{row.id}"), row.id
        assert bool(row.kind) != bool(row.needs), row.id
        if not row.kind:
            assert known(f"standard_needs.{row.needs}"), row.id
            continue
        unit = controls()[row.subject].unit if row.kind == "control" else indicators()[row.subject].unit
        assert row.unit == unit, row.id
        assert row.comparison, row.id
        assert row.value is not None, row.id


def test_a_row_is_no_surer_than_the_facts(cases: Path) -> None:
    """Clauses of the fact files: every one is a row, and none that the file marks as recalled is called verified."""
    with (cases / "facts" / "gb550xx_clauses.csv").open(encoding="utf-8") as lines:
        clauses = {(row["standard"], row["clause"]) for row in csv.DictReader(lines)}
    assert clauses <= {(row.document, row.clause) for row in standards().values()}
    with (cases / "facts" / "plan_review_checks.csv").open(encoding="utf-8") as lines:
        assert sum(row.id.startswith("review_") for row in standards().values()) == len(list(csv.DictReader(lines)))
    assert all(row.source for row in standards().values() if row.status == "verified")
