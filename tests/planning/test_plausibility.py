"""Published ranges: a value inside is not told, one outside is; rows are held to quantities and units."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import Factor, FactorBook, shipped
from citybraid.core.text import known
from citybraid.planning.plausibility import FACTOR, compare, range_problems
from citybraid.planning.rows import indicators, plausible_quantities
from citybraid.planning.unit_table import unit_table
from citybraid.report.drawing.units import label
from citybraid.sources.protocol.quantities import vocabulary
from tests.planning.test_unit_table import Made, raster

ROWS = shipped().by_name[FACTOR]


def row(key: str, low: float | None, high: float | None, unit: str, **more: Any) -> Factor:
    return Factor(FACTOR, key, 1.0, unit, "user", low=low, high=high, **more)


def town() -> Made:
    """Homes of 10 000 kWh on 100 m2, offices of 30 000 kWh on 200 m2; one of each, and homes outside the area."""
    made = Made()
    made.put("building_use", pd.Series(["residential", "office", "residential"], index=["x", "y", "z"]))
    made.put("floor_area", made.column(100.0, 200.0, 1000.0))
    made.put("electricity", made.column(10_000.0, 30_000.0, 0.0))
    made.put("residents", made.column(4.0, 0.0, 90.0))
    return made


def compared(*rows: Factor, made: Made | None = None, **more: Any) -> pd.DataFrame:
    zones = (made or town()).zones()
    table = unit_table(zones, indicators().values()).by_zone
    found = compare(zones, table, FactorBook(rows), **{"region": "CN-ZJ", "year": 2025, **more})
    return found.set_index(["use", "quantity"])


def test_ratios_by_use_are_those_of_the_area() -> None:
    found = compared(
        row("residential/electricity_intensity", 40.0, 100.0, "kWh m-2 year-1"),
        row("office/electricity_intensity", 50.0, 120.0, "kWh m-2 year-1"),
        row("residential/floor_area_per_person", None, 20.0, "m2 person-1"),
        row("residents", 5.0, None, "person"),
    )
    assert found["value"].to_dict() == pytest.approx(
        {
            ("residential", "electricity_intensity"): 100.0, ("office", "electricity_intensity"): 150.0,
            ("residential", "floor_area_per_person"): 25.0, ("", "residents"): 4.0,
        }
    )  # fmt: skip
    assert found["outside"].tolist() == [False, True, True, True]


def test_a_value_at_an_end_to_the_digits_of_the_end_is_not_outside() -> None:
    """The demo told a difference of 0.798 K as outside of 0.8 to 3.5."""
    key, unit = "residential/electricity_intensity", "kWh m-2 year-1"
    for low, high in ((100.4, None), (None, 99.6), (101.0, None), (None, 99.0)):
        beyond = (low or 0.0) > 100.5 or (high or 100.0) < 99.5
        assert compared(row(key, low, high, unit))["outside"].tolist() == [beyond]


@pytest.mark.parametrize(
    ("region", "low", "high", "outside"),
    [
        ("CN-ZJ-JX", 0.74, 1.46, True), ("CN-SN-XA", 4.11, 6.41, True), ("CN-SN-HZ", 0.74, 6.41, False),
        ("CN-AH", 0.74, 6.41, False),
    ],
)  # fmt: skip
def test_deaths_from_heat_are_held_against_those_of_their_zone(
    region: str, low: float, high: float, outside: bool
) -> None:
    """2 of 100 deaths lie between the zones: too many in the subtropical one, too few in the temperate one."""
    deaths = 0.00776
    made = town()
    made.put("heat_deaths", made.column(4.0 * 0.02 * deaths, 0.0, 0.0))
    table = unit_table(made.zones(), indicators().values()).by_zone
    found = compare(made.zones(), table, shipped(), region=region, year=2025).set_index("quantity")
    row_found = found.loc["heat_deaths_share"]
    assert row_found["value"] == pytest.approx(0.02 * deaths * 100)
    assert (row_found["low"], row_found["high"]) == pytest.approx((low * deaths, high * deaths), abs=6e-5)
    assert bool(row_found["outside"]) is outside


def test_a_row_of_the_closest_region_and_of_the_user_is_taken() -> None:
    key, unit = "office/electricity_intensity", "kWh m-2 year-1"
    everywhere, here = row(key, 0.0, 100.0, unit, origin="citybraid"), row(key, 0.0, 200.0, unit, region="CN-ZJ")
    assert not compared(everywhere, here)["outside"].any()
    assert compared(everywhere, here, region="CN-SH")["outside"].all()


def test_what_a_plan_lacks_is_not_compared() -> None:
    assert compared(row("pv_yield", 900.0, 1200.0, "kWh kW-1 year-1")).empty
    assert compared(row("hotel/electricity_intensity", 1.0, 2.0, "kWh m-2 year-1")).empty
    assert compare(town().zones(), pd.DataFrame(), FactorBook(()), region="", year=2025).empty


def test_damage_over_value_takes_both_from_the_buildings() -> None:
    made = town()
    made.put("expected_annual_damage", made.column(1.0, 2.0, 9.0))
    made.put("building_value", made.column(1000.0, 2000.0, 3.0), event="p5")
    found = compared(row("annual_damage_share", 0.0, 0.05, "% year-1"), made=made)
    assert found["value"].tolist() == pytest.approx([0.1])
    assert found["outside"].all()


def test_people_cut_off_are_compared_with_people_flooded() -> None:
    """The case that was wrong: bridges read as fords cut off more people than any flood of its size reaches."""
    made = town()
    made.put("people_exposed", made.column(100.0, 20.0, 7.0), event="p50")
    made.put("isolated_people", made.column(280.0, 8.0, 7.0), event="p50")
    found = compared(*(each for each in ROWS if each.key == "isolated_per_flooded"), made=made)
    assert found["value"].tolist() == pytest.approx([2.4])
    assert found["outside"].all()
    made.put("isolated_people", made.column(0.0, 8.0, 7.0), event="p50")
    none = compared(*(each for each in ROWS if each.key == "isolated_per_flooded"), made=made)
    assert not none["outside"].any(), "few people cut off are no fault"


def test_degrees_of_cooling_are_of_the_area() -> None:
    made = town()
    made.put("air_temperature", raster(28.0, 28.4))
    found = compared(*(each for each in ROWS if each.key == "cooling_within"), made=made)
    assert found["value"].tolist() == pytest.approx([0.4])
    assert found["outside"].all()


def test_wrong_rows_are_told_before_a_run() -> None:
    rows = (
        row("residential/no_such_thing", 1.0, 2.0, "1"),
        row("office/electricity_intensity", 1.0, 2.0, "MJ m-2 year-1"),
        row("emissions_per_resident", 1.0, 2.0, "t CO2e person-1 year-1"),
    )
    problems = range_problems(FactorBook(rows), "CNY")
    assert [problem.text for problem in problems] == ["plausible.unknown", "plausible.unit"]
    assert "no_such_thing" in problems[0].say("zh")


def test_shipped_rows_hold_and_are_said() -> None:
    assert not range_problems(shipped(), "CNY")
    assert len(ROWS) > 10
    for each in ROWS:
        assert each.source, each.key
        assert (each.low is None) or (each.high is None) or each.low < each.high, each.key
    for name in plausible_quantities():
        assert known(f"plausible_quantity.{name}")
        plain = f"plausible_reason.{name}"
        assert known(plain) or all(known(f"{plain}.{side}") for side in ("above", "below"))


@pytest.mark.parametrize("name", list(plausible_quantities()))
def test_a_quantity_has_a_range(name: str) -> None:
    assert any(each.key.rpartition("/")[2] == name for each in ROWS)


@pytest.mark.parametrize("name", list(plausible_quantities()))
def test_a_statistic_fits_the_home_of_its_quantity(name: str) -> None:
    row = plausible_quantities()[name]
    homes = {vocabulary()[each].on for each in row.var.split()}
    kind = {"grid_mean": {"grid"}, "grid_max": {"grid"}, "grid_spread": {"grid"}, "number": {""}}.get(row.statistic)
    assert homes == kind if kind else not homes & {"", "grid", "time"}


SIZES = {"t": 1000.0, "kg": 1.0, "%": 0.01, "year": 365.0, "day": 1.0, "1": 1.0}
"""Sizes of units in kg, days and parts of one; all others stand for themselves."""


UNITS = {each.unit for each in indicators().values()} | {each.unit for each in plausible_quantities().values()}


def measured(unit: str) -> tuple[float, dict[str, int]]:
    """Return the size of a unit, and the powers of its parts: kg and t are one part, year and day another."""
    size, powers = 1.0, dict[str, int]()
    for part in unit.replace("{gas}", "").replace("CO2e", "").split():
        name, power = part, 1
        if part[-1] in "123" and part != "1":
            split = part.index("-") if "-" in part else len(part) - 1
            name, power = part[:split], int(part[split:])
        size *= SIZES.get(name, 1.0) ** power
        kind = {"t": "kg", "year": "day", "%": "1"}.get(name, name)
        powers[kind] = powers.get(kind, 0) + power
    return size, {kind: power for kind, power in powers.items() if power and kind not in ("1", "m3", "building")}


@pytest.mark.parametrize("name", [each for each, row in plausible_quantities().items() if "ratio" in row.statistic])
def test_a_scale_turns_the_quantities_into_the_unit_told(name: str) -> None:
    """Debris of 323 kg a person was told as 323 t, a hundred and fifty times the published figure, on page one."""
    row = plausible_quantities()[name]
    (over, parts), (under, divided) = (measured(vocabulary()[each].unit) for each in (row.var.split()[0], row.second))
    told, kinds = measured(row.unit)
    for kind, power in divided.items():
        parts[kind] = parts.get(kind, 0) - power
    assert {kind: power for kind, power in parts.items() if power} == kinds
    assert row.scale == pytest.approx(over / under / told)


@pytest.mark.parametrize("unit", sorted(UNITS))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_units_are_told_as_people_write_them(unit: str, language: str) -> None:
    """Page one said 't person-1'."""
    said = label(unit.replace("CO2e", "{gas}").format(gas="CO2e", currency="CNY"), language)
    assert "-1" not in said


def test_the_whole_area_is_compared_without_buildings_outside() -> None:
    made = town()
    assert float(unit_table(made.zones(), indicators().values()).by_zone["residents"][WHOLE_AREA]) == 4.0
    assert np.isfinite(compared(row("residents", 0.0, 9.0, "person"))["value"]).all()
