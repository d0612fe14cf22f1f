"""Air by hour and place: country, compact quarter, what warms and cools, comfort in it; the figure of the method."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr

from citybraid.core.errors import InputError
from citybraid.core.remembered import remembered_rows
from citybraid.kernels.numerics.decay import distances, gaussian, weighted_mean
from citybraid.kernels.outdoor import utci as index
from citybraid.resilience.heat import canopy_air
from citybraid.resilience.heat.canopy_air import CanopyAirParams
from citybraid.resilience.heat.canopy_form import near_mean
from citybraid.resilience.heat.hot_day import Weather, hot_day_of_year, weather_of_day
from citybraid.resilience.heat.local_air import equivalent_in, felt_in
from citybraid.resilience.heat.outdoor_comfort import OutdoorComfortParams, _equivalent
from tests.canopy_case import air_of, compact
from tests.outdoor_case import comfort, hot_year, raster

SHAPE = (40, 40)
PAVED, GRASS = np.full(SHAPE, 50), np.full(SHAPE, 30)
CALM = hot_year(wind=1.5)


def test_grass_without_buildings_has_the_air_of_the_weather_file() -> None:
    found = air_of(GRASS)
    file = hot_year()["dry_bulb"].to_numpy()
    hours = found.hourly_air["time"].to_numpy().astype(int)
    assert hours[0] % 24 == 0
    assert len(hours) == 30
    assert np.abs(found.hourly_air.to_numpy() - file[hours][:, None, None]).max() < 0.02
    assert float(np.abs(found.night_heat_island).max()) < 0.02


def test_a_compact_quarter_is_warmer_by_night_than_by_day() -> None:
    """Clear and calm. Compact quarters are 1 to 6 K warmer then, and stay below the greatest of Oke (1981)."""
    built = compact()
    found = air_of(PAVED, built=built, **CALM)
    night, day = float(found.night_heat_island.mean()), float(found.day_heat_island.mean())
    assert 1.0 < night < 6.0
    assert day < night
    view = 0.5
    most = 7.45 + 3.97 * np.log((1.0 - view**2) / (2.0 * view))
    assert night < most
    windy = float(air_of(PAVED, built=built, **hot_year(wind=6.0)).night_heat_island.mean())
    assert windy < night - 0.5


def test_waste_heat_warms_most_at_night() -> None:
    built = compact()
    plain, warm = (air_of(PAVED, built=built, heat=heat) for heat in (0.0, 30.0))
    night = float((warm.night_heat_island - plain.night_heat_island).mean())
    day = float((warm.day_heat_island - plain.day_heat_island).mean())
    assert 0.1 < night < 2.0
    assert 0.0 < day < night


def test_a_park_is_cooler_and_cools_its_neighbours() -> None:
    cover, built = np.full((60, 100), 50), compact(100)[:60]
    cover[:, 60:], built[:, 60:] = 30, 0.0
    found = air_of(cover, built=built)
    row = found.night_heat_island[30]
    assert float(row[10]) > float(row[50]) > float(row[95])
    assert float(row[95]) < 0.3
    assert float(row[10]) - float(row[95]) > 0.5


def test_dry_plants_cool_less_by_day() -> None:
    wet, dry = (
        float(air_of(GRASS, p=CanopyAirParams(warm_up=3, watered=share)).day_heat_island.mean()) for share in (1.0, 0.0)
    )
    assert dry > wet + 1.0


def test_cells_that_nothing_is_known_of_have_no_value() -> None:
    cover, canopy, ground = PAVED.copy(), np.zeros(SHAPE), np.zeros(SHAPE)
    cover[3, 4], canopy[5, 6], ground[7, 8] = 0, np.nan, np.nan
    found = air_of(cover, canopy=canopy, terrain=raster(ground))
    for layer in (found.night_heat_island, found.day_heat_island):
        assert int(layer.isnull().sum()) == 3
        assert np.isnan([layer[3, 4], layer[5, 6], layer[7, 8]]).all()


def test_what_cannot_be_computed_is_refused() -> None:
    with pytest.raises(InputError) as failure:
        air_of(np.zeros(SHAPE, int))
    assert failure.value.text == "heat.no_ground"
    dark = {name: 0.0 * hot_year()[name] for name in ("direct_normal", "diffuse_horizontal")}
    with pytest.raises(InputError) as failure:
        air_of(PAVED, **dark)
    assert failure.value.text == "heat.no_sun"


def test_comfort_in_the_same_air_is_the_same() -> None:
    hot = weather_of_day(Weather(**hot_year()))
    radiant = np.random.default_rng(3).uniform(20.0, 70.0, (50, 24)).astype(np.float32)
    air = np.tile(hot.day.air.astype(np.float32), (50, 1))
    plain = np.empty_like(radiant)
    index.utci(radiant, hot.day.air, index.offset_polynomial(hot.day.air, hot.wind, hot.vapour), plain)
    np.testing.assert_allclose(felt_in(air, radiant, hot), plain, atol=2e-3)
    at = equivalent_in(air[:, 14], radiant[:, 14], hot, 14)
    np.testing.assert_allclose(at, _equivalent(radiant[:, 14], hot, 14), atol=0.02)


def test_utci_between_two_levels_of_air_is_that_of_the_polynomial() -> None:
    hot = weather_of_day(Weather(**hot_year()))
    draw = np.random.default_rng(4)
    radiant = draw.uniform(20.0, 70.0, (200, 24)).astype(np.float32)
    air = (hot.day.air + draw.uniform(-1.5, 4.0, (200, 24))).astype(np.float32)
    found = felt_in(air, radiant, hot)
    for row in (0, 77, 199):
        own = np.empty((1, 24), np.float32)
        mine = air[row].astype(np.float64)
        index.utci(radiant[row : row + 1], mine, index.offset_polynomial(mine, hot.wind, hot.vapour), own)
        np.testing.assert_allclose(found[row], own[0], atol=0.01)


def test_comfort_feels_the_air_of_the_place() -> None:
    cover = np.full((20, 30), 50)
    day = hot_day_of_year(Weather(**hot_year()))
    hours = 24.0 * day + np.arange(30)
    base = hot_year()["dry_bulb"].to_numpy()[hours.astype(int)]
    values = base[:, None, None] + np.array([0.0, 3.0])[None, None, :] * np.ones((30, 1, 1))
    field = xr.DataArray(
        values, dims=("time", "y", "x"), coords={"time": hours, "y": np.array([20.0]), "x": np.array([0.0, 60.0])}
    )
    plain, found = comfort(cover), comfort(cover, hourly_air=field)
    gained = (found.utci - plain.utci).to_numpy()
    assert gained[:, -1].mean() > 1.5
    assert np.abs(gained[:, 0]).max() < 0.3
    assert 1.0 < float((found.pet - plain.pet)[:, -1].mean()) < 4.0
    np.testing.assert_array_equal(plain.radiant_temperature, found.radiant_temperature)
    with pytest.raises(InputError) as failure:
        comfort(cover, hourly_air=field, p=OutdoorComfortParams(day=day + 5))
    assert failure.value.text == "heat.other_day"


def test_what_lies_beyond_reach_leaves_no_rounding_behind() -> None:
    """Means around blocks: those of a transform to rounding, and the same bits where nothing near has changed."""
    random = np.random.default_rng(7)
    values, valid = random.random((40, 30)), random.random((40, 30)) > 0.1
    weights = gaussian(distances((100.0, 100.0), reach=375.0, shape=(40, 30)), deviation=125.0, reach=375.0)
    found = near_mean(values, valid, weights)
    np.testing.assert_allclose(found, weighted_mean(values, valid.astype(np.uint8), weights), rtol=1e-9)
    changed = values.copy()
    changed[5, 5] += 0.3
    moved = near_mean(changed, valid, weights) != found
    reach = weights.shape[0] // 2
    assert moved[5 - reach : 6 + reach, 5 - reach : 6 + reach].sum() == moved.sum() > 0
    alone = np.zeros((3, 3), dtype=bool)
    assert not near_mean(np.ones((3, 3)), alone, weights).any()


def test_air_of_far_blocks_is_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A corner of a town of 2 km becomes a park: blocks farther than 375 m from it keep their air."""
    counted: list[int] = []
    computed = canopy_air._courses_of_blocks.__wrapped__  # type: ignore[attr-defined]  # below what is remembered

    def count(which: np.ndarray[tuple[int], np.dtype[np.intp]], *args: Any, **named: Any) -> Any:
        counted.append(len(which))
        return computed(which, *args, **named)

    monkeypatch.setattr(canopy_air, "_courses_of_blocks", remembered_rows(1000)(count))
    cover = np.full((200, 200), 50)
    air_of(cover, built=compact(200))
    cover[:20, :20] = 30
    air_of(cover, built=compact(200))
    assert counted[0] == 400
    assert 1 <= counted[1] <= 36


def test_figure_of_canopy_air(figure: Callable[[str], Path]) -> None:
    cover, built = np.full((80, 160), 50), compact(160, street=3)[:80]
    cover[:, 100:], built[:, 100:] = 30, 0.0
    built[:, 45:100] = np.where(built[:, 45:100] > 0.0, 6.0, 0.0)
    cover[50:80, 110:150] = 80
    found = air_of(cover, built=built, heat=None, **CALM)
    left, right = plt.figure(figsize=(11, 3.6), layout="constrained").subplots(1, 2, width_ratios=(1.3, 1.0))
    shown = left.imshow(found.night_heat_island, extent=(0, 1600, 0, 800), cmap="inferno")
    left.contour(np.flipud(built > 0.0), [0.5], extent=(0, 1600, 0, 800), colors="white", linewidths=0.2)
    left.set_title("night heat island")
    left.set_xlabel("m")
    left.figure.colorbar(shown, ax=left, shrink=0.8, label="K")
    hours = found.hourly_air["time"].to_numpy()
    for label, column in (("houses of 18 m", 2), ("houses of 6 m", 7), ("grass", 14)):
        right.plot(hours - hours[0], found.hourly_air[:, 2, column], label=label)
    file = CALM["dry_bulb"].to_numpy()[hours.astype(int)]
    right.plot(hours - hours[0], file, "k:", label="weather file")
    right.set_xlabel("hours from 0:00 of the day")
    right.set_ylabel("air [°C]")
    right.legend(frameon=False)
    assert float(found.night_heat_island.max() - found.night_heat_island.min()) > 1.0
    plt.savefig(figure("resilience.canopy_air"), dpi=110)
