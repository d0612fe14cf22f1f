"""Calendar, seasons and schedules of operation, and what is refused."""

from typing import Any

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.lowcarbon.building_energy import BuildingEnergyParams
from citybraid.lowcarbon.operation import Loads, operation, programmes
from citybraid.lowcarbon.working_days import clock, closed_hours, rest_hours, season_hours
from tests.energy_year import THREE_A, energy, factors, row_of_buildings


def loads(**changes: Any) -> Loads:
    given = factors() | changes
    return Loads(*(given[name] for name in Loads._fields))


def on(hours: np.ndarray, day: str, *, year: int = 2023) -> bool:
    """Tell whether all hours of a day are set."""
    here = clock(year).strftime("%m-%d") == day
    assert here.sum() == 24
    assert hours[here].all() == hours[here].any()
    return bool(hours[here].all())


def test_calendar_leaves_the_leap_day_out() -> None:
    rest = rest_hours(2024, factors()["working_calendar"])
    assert rest.size == 8760
    assert on(rest, "03-02", year=2024)  # a Saturday


def test_holidays_and_the_days_worked_for_them() -> None:
    """2023 had 28 days of holidays besides 8 weekends worked: 250 working days."""
    rest = rest_hours(2023, factors()["working_calendar"])
    assert [on(rest, day) for day in ("01-24", "01-28", "01-29", "10-07", "10-06", "06-25")] == [
        True, False, False, False, True, False,
    ]  # fmt: skip
    assert (~rest).sum() / 24 == 249


def test_schools_close_and_offices_do_not() -> None:
    days = factors()["working_calendar"]
    closed = closed_hours("school", 2023, days)
    assert closed.sum() / 24 == 28 + 62
    assert on(closed, "07-01") and on(closed, "08-31") and not on(closed, "09-01")  # noqa: PT018
    assert not closed_hours("office", 2023, days).any()


def test_a_season_runs_over_the_turn_of_the_year() -> None:
    seasons = factors()["conditioning_season"]
    found = season_hours("office", "heating", year=2023, zone="3A", seasons=seasons)
    assert [on(found, day) for day in ("12-01", "01-01", "03-31", "04-01", "11-30")] == [True, True, True, False, False]
    assert season_hours("hotel", "heating", year=2023, zone="3A", seasons=seasons).all()


def test_offices_are_neither_heated_nor_cooled_on_days_of_rest() -> None:
    found = operation(("office",), loads(), calendar_year=2023, zone="3A", volume_heat=1200.0)
    rest = rest_hours(2023, factors()["working_calendar"])
    assert (found.heat_below[0][rest] <= 5).all()
    assert (found.cool_above[0][rest] == 50).all()
    assert (found.plugs[0][rest] == 0).all()
    assert found.plugs[0][~rest].max() > 15


def test_two_shifts_are_sixteen_hours_of_working_days() -> None:
    found = operation(("industrial_two",), loads(), calendar_year=2023, zone="3A", volume_heat=1200.0)
    assert found.plugs.sum() == pytest.approx(0.95 * 21 * 16 * 249)


@pytest.mark.parametrize("value", [1.2, -0.1, np.nan])
def test_a_schedule_outside_0_to_1_is_refused(value: float) -> None:
    schedule = dict(factors()["schedule"]) | {"hotel/lighting/08": value}
    with pytest.raises(InputError, match="hotel/lighting"):
        energy(row_of_buildings(("hotel",)), schedule=schedule)


def test_shares_that_do_not_sum_are_refused() -> None:
    share = dict(factors()["program_share"]) | {"hospital//inpatient": 0.7}
    with pytest.raises(InputError, match=r"hospital.*1\.2"):
        programmes("hospital", "3A", share, factors()["conditioned_share"])
    with pytest.raises(InputError, match=r"hospital.*1\.2"):
        energy(row_of_buildings(("hospital",)), program_share=share)


def test_the_unconditioned_part_is_what_the_share_leaves() -> None:
    shares = programmes("residential", "3A", factors()["program_share"], {"residential/3/other_b": 0.3})
    assert shares == pytest.approx({"living_b": 0.15, "bedroom_b": 0.15, "other_b": 0.7})


def test_more_conditioned_floor_takes_more_heat_and_cold() -> None:
    homes = row_of_buildings(("residential",))
    found = [energy(homes, conditioned_share={"residential/3/other_b": share}) for share in (0.3, 0.6, 1.0)]
    for name in ("heating_demand", "cooling_demand"):
        first, second, third = (getattr(each, name).iloc[0] for each in found)
        assert first < second < third


def test_a_year_without_holidays_is_refused_and_another_country_has_its_own() -> None:
    with pytest.raises(InputError, match=r"2031.*2020"):
        energy(row_of_buildings(("office",)), p=BuildingEnergyParams(climate_zone="3A", calendar_year=2031))
    fridays = rest_hours(2031, {"weekend/friday": 1.0})
    assert fridays.sum() / 24 == 52
    assert (
        energy(row_of_buildings(("office",)), p=THREE_A, working_calendar={"weekend/friday": 1.0})
        .electricity.gt(0)
        .all()
    )


@pytest.mark.parametrize("key", ["holiday/2023-02-30", "closed/school/13-01"])
def test_a_date_that_is_none_is_refused(key: str) -> None:
    days = dict(factors()["working_calendar"]) | {key: 1.0}
    with pytest.raises(InputError, match=r"02-30|13-01"):
        energy(row_of_buildings(("school",)), working_calendar=days)
