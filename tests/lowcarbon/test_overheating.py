from collections.abc import Callable, Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.climate import HOURS, Irradiance, Location, energy_weather, volume_heat
from citybraid.lowcarbon.horizon import open_surroundings
from citybraid.lowcarbon.operation import Loads, programmes
from citybraid.lowcarbon.overheating.comfort import comfort, counts, hottest_hours, hours_until, running_mean
from citybraid.lowcarbon.overheating.overheating import OverheatingParams, hours_run, temperatures
from citybraid.lowcarbon.overheating.preconditions import homes_complete
from citybraid.lowcarbon.overheating.storeys import GROUND, MIDDLE, TOP, Storeys, home_operation, levels, storeys
from citybraid.lowcarbon.stock import Fabric
from tests.energy_year import energy_year, factors
from tests.overheating_case import THREE_A, homes, overheated

LIMITS = resolve("overheating", region="CN")


def loads_of(rows: Mapping[str, Mapping[str, float]]) -> Loads:
    return Loads(**{name: rows[name] for name in Loads._fields})


def rooms_of(rows: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return programmes("residential", "3A", rows["program_share"], rows["conditioned_share"])


def storeys_of(count: int = 1) -> Storeys:
    rows = factors()
    loads = loads_of(rows)
    fabric = Fabric(rows["envelope"], rows["standard_since"], rows["window_share"], rows["zone_capacity"])
    return storeys(
        homes().iloc[:count], zone="3A", volume_heat=1200.0, fabric=fabric, loads=loads,
        rooms=rooms_of(rows), around=open_surroundings(count), limits=LIMITS,
    )  # fmt: skip


def test_storeys_of_a_home_add_up_to_it() -> None:
    home, level, share = levels(np.array([1.0, 2.0, 6.0, 3.4]))
    assert level.tolist() == [TOP, GROUND, TOP, GROUND, MIDDLE, TOP, GROUND, MIDDLE, TOP]
    assert np.bincount(home, share) == pytest.approx(np.ones(4))
    assert share[4] == pytest.approx(4 / 6)


def test_a_zone_has_its_storey_of_roof_slab_and_facade() -> None:
    """The slab is 40 by 14 m and 19.2 m high: 345.6 m2 of facade a storey, 560 m2 of floor, 1 792 m3.

    Its 10 752 m3 are in 3 193.6 m2 of outer surface: category III has 9 m3/(h m2) at 50 Pa, category II 6.
    """
    zones = storeys_of()
    u = {name: factors()["envelope"][f"residential/benchmark_1980/3/{name}"] for name in ("wall", "roof", "window")}
    glass = factors()["window_share"]["residential"] * 345.6
    assert zones.plant.area == pytest.approx(np.full(3, 560.0))
    assert zones.exposure.ground[MIDDLE] == 0.0
    assert zones.exposure.wall_solar[:, -1].astype(bool).tolist() == [False, False, True]
    roofs = 0.6 / 25 * 560 * u["roof"] / (560 * u["roof"] + (345.6 - glass) * u["wall"])
    assert zones.exposure.wall_solar[TOP, -1] == pytest.approx(roofs)
    assert zones.airing.conductance == pytest.approx(np.full(3, 3.0 * 1792.0 * 1200.0 / 3600))
    leak = (0.07 * (9 - 6) * 3193.6 / 10752 + 1.0) * 1792.0 * 1200.0 / 3600
    assert zones.plant.leakage == pytest.approx(np.full(3, leak))


@pytest.mark.parametrize(("warmer", "rate"), [(1.8, 3.0), (2.4, 3.5), (3.0, 3.9)])
def test_the_air_change_is_that_of_windows_of_a_twentieth_of_the_floor(warmer: float, rate: float) -> None:
    """EN 16798-7:2017, 6.4.3.5.4 without wind: windows of 1.5 m on one side of rooms of 2.9 m."""
    assert 3600 * 0.05 / 2 * np.sqrt(0.0035 * 1.5 * warmer) / 2.9 == pytest.approx(rate, abs=0.05)
    assert LIMITS["airing"] <= rate + 0.05


def test_airing_is_that_of_windows_and_not_of_the_envelope() -> None:
    """A tight and a leaky home open their windows alike; only what leaks through shut ones differs."""
    rows = factors()
    fabric = Fabric(rows["envelope"], rows["standard_since"], rows["window_share"], rows["zone_capacity"])
    old, tight = (
        storeys(
            homes().iloc[:1].assign(envelope_standard=standard), zone="3A", volume_heat=1200.0, fabric=fabric,
            loads=loads_of(rows), rooms=rooms_of(rows), around=open_surroundings(1), limits=LIMITS,
        )
        for standard in ("as_built", "nearly_zero")
    )  # fmt: skip
    assert old.airing.conductance == pytest.approx(tight.airing.conductance)
    assert (old.plant.leakage > tight.plant.leakage).all()


def test_a_home_without_power_has_people_only() -> None:
    rows = factors()
    loads = loads_of(rows)
    used = home_operation(rooms_of(rows), loads, zone="3A", calendar_year=2023, volume_heat=1200.0)
    heat = used.convective + used.radiative
    people = sum(
        part * rows["program_load"][f"{room}/people"] * rows["schedule"][f"{room}/occupancy/03"]
        for room, part in rooms_of(rows).items()
    )
    assert used.plugs[1].max() == 0.0
    assert heat[1, 3] == pytest.approx(people * rows["physics"]["people_sensible"])
    assert (heat[0] >= heat[1]).all()


def test_the_running_mean_of_a_step_follows_0_8_to_the_power_of_days() -> None:
    air = np.where(np.arange(HOURS) < 100 * 24, 10.0, 20.0)
    mean = running_mean(air, memory=0.8)
    assert mean[100] == pytest.approx(10.0, abs=1e-6)
    assert mean[103] == pytest.approx(20.0 - 10.0 * 0.8**3, abs=1e-6)


def test_the_adaptive_limit_at_a_running_mean_of_25_is_31_05() -> None:
    """0.33 · 25 + 18.8 + 3 + 1."""
    limit = comfort(np.full(HOURS, 25.0), LIMITS, latitude=31.0)
    assert limit.adaptive[200 * 24] == pytest.approx(31.05)
    assert np.isinf(limit.adaptive[100 * 24])
    assert np.isinf(comfort(np.full(HOURS, 25.0), LIMITS, latitude=-31.0).adaptive[200 * 24])
    hot = comfort(np.full(HOURS, 40.0), LIMITS, latitude=31.0)
    assert hot.adaptive[200 * 24] == pytest.approx(0.33 * 30 + 18.8 + 4)


def test_hours_are_counted_above_each_level_and_at_night() -> None:
    hours = np.full((1, HOURS), 20.0)
    hours[0, 200 * 24 : 201 * 24] = 31.0
    found = counts(hours, comfort(np.full(HOURS, 20.0), LIMITS, latitude=31.0), threshold=31.0)
    assert found.above.tolist() == [[24.0, 24.0, 24.0, 0.0]]
    assert (found.night[0], found.adaptive[0], found.threshold[0]) == (9.0, 24.0, 0.0)


def test_the_hottest_hours_are_those_of_the_highest_mean_and_may_wrap_around() -> None:
    air = np.zeros(HOURS)
    air[5000:5048] = 35.0
    assert hottest_hours(air, 48) == 5000
    assert hottest_hours(np.roll(air, HOURS - 5000 - 24), 48) == HOURS - 24


def test_hours_until_a_level() -> None:
    found = hours_until(np.array([[29.0, 30.0, 31.0], [29.0, 29.0, 29.0]]), 30.0)
    assert found[0] == 2.0
    assert np.isnan(found[1])


def test_uncooled_homes_of_the_made_up_year() -> None:
    found, buildings = overheated(homes()), homes()
    hours = pd.DataFrame(found.uncooled._asdict())
    assert hours.loc["b1"].isna().all()
    assert np.isnan(hours["middle_hours_above_30"]["b2"])
    steps = hours.loc[["b0", "b2", "b3"], [f"hours_above_{level}" for level in (26, 28, 30, 32)]]
    assert (steps.diff(axis=1).iloc[:, 1:] <= 0).all().all()
    assert found.people is not None
    assert found.people.overheated_person_hours["b0"] == pytest.approx(120 * hours["hours_above_30"]["b0"])
    assert found.people.people_overheated.drop("b1").tolist() == pytest.approx(buildings["residents"].drop("b1"))


def test_the_blackout_is_that_of_the_storeys_by_hand() -> None:
    """Peak and share of storeys of the slab, from the hours of its three zones."""
    rows, year = factors(), energy_year()
    loads = loads_of(rows)
    series = {name: year[name] for name in ("dry_bulb", "relative_humidity", *Irradiance._fields)}
    place = {name: year[name] for name in Location._fields}
    weather = energy_weather(year=series, place=place, calendar_year=2023, physics=rows["physics"])
    heat = volume_heat(4.0)
    used = home_operation(rooms_of(rows), loads, zone="3A", calendar_year=2023, volume_heat=heat)
    alone = homes().iloc[:1]
    zones = storeys_of()
    _, hours = temperatures(zones, weather, used, hours_run(weather, THREE_A), np.arange(zones.home.size))
    found = overheated(alone)
    assert found.blackout.blackout_peak["b0"] == pytest.approx(hours.max(), abs=0.02)
    shares = (hours.max(axis=1) > THREE_A.blackout_threshold) * np.array([1, 4, 1]) / 6
    assert found.people is not None
    assert found.old is not None
    assert found.people.blackout_people["b0"] == pytest.approx(120 * shares.sum())
    assert found.old.blackout_elderly["b0"] == pytest.approx(30 * shares.sum())


def test_a_stated_blackout_in_winter_harms_nobody() -> None:
    found = overheated(homes(), p=OverheatingParams(climate_zone="3A", blackout_start=0, blackout_length=24))
    assert (found.blackout.blackout_peak.dropna() < 25.0).all()
    assert found.blackout.blackout_to_30.isna().all()
    assert found.people is not None
    assert found.people.blackout_people.sum() == 0.0


def test_without_columns_of_people_nobody_is_counted() -> None:
    found = overheated(homes().drop(columns=["residents", "elderly"]))
    assert found.people is None
    assert found.old is None


def test_a_study_without_homes_has_columns_without_values() -> None:
    found = overheated(homes().iloc[1:2])
    assert found.uncooled.hours_above_30.isna().all()
    assert found.people is not None
    assert found.people.people_overheated.isna().all()


def test_a_home_without_floors_is_named() -> None:
    buildings = homes()
    buildings.loc["b3", "floors"] = np.nan
    with pytest.raises(InputError, match=r"floors.*b3"):
        overheated(buildings)


def test_figure(figure: Callable[[str], Path]) -> None:
    rows, year = factors(), energy_year()
    loads = loads_of(rows)
    series = {name: year[name] for name in ("dry_bulb", "relative_humidity", *Irradiance._fields)}
    place = {name: year[name] for name in Location._fields}
    weather = energy_weather(year=series, place=place, calendar_year=2023, physics=rows["physics"])
    used = home_operation(rooms_of(rows), loads, zone="3A", calendar_year=2023, volume_heat=1200.0)
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    zones = storeys_of()
    _, dark = temperatures(zones, weather, used, hours_run(weather, THREE_A), np.arange(zones.home.size))
    for level, name, colour in zip((GROUND, MIDDLE, TOP), ("ground", "middle", "top"), "gbr", strict=True):
        left.plot(dark[level], color=colour, label=f"{name} storey")
    start = hottest_hours(weather.air, dark.shape[1])
    left.plot(np.roll(weather.air, -start)[: dark.shape[1]], color="0.5", linewidth=1, label="outdoor air")
    left.set(xlabel="hours since power failed", ylabel="operative temperature [°C]")
    left.set_title("Blackout of 72 h, slab of 1990, made-up year", fontsize=9)
    left.legend(frameon=False, fontsize=8)
    airing, places = (1.0, 3.0, 10.0), np.arange(3)
    for at, standard in enumerate(("as_built", "gb55015", "nearly_zero")):
        hours = [
            overheated(
                homes().iloc[:1].assign(envelope_standard=standard), limits={**LIMITS, "airing": rate}
            ).uncooled.hours_above_30["b0"]
            for rate in airing
        ]
        right.bar(places + 0.27 * (at - 1), hours, 0.25, label=standard)
    right.set_xticks(places, [f"{rate:g} h⁻¹" for rate in airing])
    right.set(xlabel="air changes through open windows", ylabel="hours above 30 °C")
    right.set_title("A year without cooling, mean of storeys", fontsize=9)
    right.legend(frameon=False, fontsize=8)
    fig.savefig(figure("lowcarbon.overheating"), dpi=130)
    plt.close(fig)


def test_a_rehearsal_names_a_home_without_floors_and_a_zone_without_rows() -> None:
    rows = factors()
    tables = {name: rows[name] for name in ("standard_since", "envelope", "program_share", "conditioned_share")}
    bare = homes()
    bare.loc["b3", "floors"] = np.nan
    with pytest.raises(InputError, match="floors"):
        homes_complete(buildings=bare, p=THREE_A, **tables)
    with pytest.raises(InputError, match="9Z"):
        homes_complete(buildings=homes(), p=OverheatingParams(climate_zone="9Z"), **tables)
    homes_complete(buildings=homes(), p=THREE_A, **tables)


@pytest.mark.slow
def test_insulation_keeps_heat_in_unless_windows_open_wide() -> None:
    """The slab of 1990 with a new envelope: hotter at 3 air changes an hour, cooler at 10, less hot at the peak always.

    Hours above 30 degC without cooling: what people, lights and sun give leaves by walls and windows, or by air.
    """

    def hours(airing: float, standard: str) -> tuple[float, float]:
        home = homes().iloc[[0]].assign(envelope_standard=standard)
        found = overheated(home, limits={**LIMITS, "airing": airing})
        return float(found.uncooled.hours_above_30.iloc[0]), float(found.blackout.blackout_peak.iloc[0])

    little, wide = ([hours(airing, standard) for standard in ("as_built", "gb55015")] for airing in (3.0, 10.0))
    assert little[1][0] > 1.1 * little[0][0]
    assert wide[1][0] < wide[0][0]
    for old, new in (little, wide):
        assert new[1] < old[1] - 0.5
    assert wide[0][0] < little[0][0]
