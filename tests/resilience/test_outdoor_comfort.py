"""Comfort outdoors: shade, night, cloud and ground by hand; what is refused; the figure of the method."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.outdoor.radiant_day import EMISSIVITY, SHORTWAVE_ABSORPTION
from citybraid.kernels.outdoor.sky import STEFAN_BOLTZMANN, person_share
from citybraid.resilience.heat.hot_day import Sky, Weather, cloud_cover, open_place_utci, weather_of_day
from citybraid.resilience.heat.outdoor_comfort import OutdoorComfortParams, in_leaf
from tests.outdoor_case import comfort, hot_year, raster

PLAIN = np.full((60, 60), 50)


def test_an_open_place_by_pencil() -> None:
    """The middle of a plain: sun, sky and ground each by its own formula, from the weather of the hour."""
    p = OutdoorComfortParams(around=0)
    found = comfort(PLAIN, cell=4.0, p=p)
    hot = weather_of_day(Weather(**hot_year()))
    day = hot.day
    black = STEFAN_BOLTZMANN * (day.air + 273.15) ** 4
    level = day.direct * np.maximum(np.sin(day.sun_height), 0.0) + day.diffuse
    albedo, emissivity = resolve("surface_albedo")["paved"], resolve("surface_emissivity")["paved"]
    radiant = []
    for warmer in (5.0, 35.0):  # the ground between 5 and 35 K above the air
        ground = emissivity * STEFAN_BOLTZMANN * (day.air + warmer + 273.15) ** 4
        sun = day.direct * person_share(day.sun_height) * (day.sun_height > 0.0)
        short = sun + 0.5 * day.diffuse + 0.5 * albedo * level
        long = 0.5 * day.sky_emissivity * black + 0.5 * ground
        radiant.append(((SHORTWAVE_ABSORPTION * short / EMISSIVITY + long) / STEFAN_BOLTZMANN) ** 0.25 - 273.15)
    low, high = np.min(radiant[0][10:17]), np.max(radiant[1][10:17])
    middle = float(found.radiant_temperature[30, 30])
    assert low < middle < high
    assert float(found.sky_view[30, 30]) == pytest.approx(1.0, abs=1e-6)


def test_shade_of_a_house_and_of_a_tree() -> None:
    cover, built, canopy = PLAIN.copy(), np.zeros((60, 60)), np.zeros((60, 60))
    built[20:40, 10:20], built[20:40, 26:36] = 20.0, 20.0
    canopy[45:55, 10:20] = 1.0
    found = comfort(cover, built=built, canopy=canopy).radiant_temperature
    sun, street, tree = (float(found[at]) for at in ((30, 50), (30, 22), (50, 15)))
    # Field measurements in China: tree shade 28.1 K, shade of buildings 28.8 K below the sun (doi:10.1155/2020/8843676)
    assert 20.0 < sun - tree < 40.0
    assert 15.0 < sun - street < 40.0
    assert found[30, 15].isnull()


def test_grass_is_cooler_than_paving_and_water_than_grass() -> None:
    cover = PLAIN.copy()
    cover[:, 20:40], cover[:, 40:] = 30, 80
    found = comfort(cover, cell=4.0).radiant_temperature
    paved, grass, water = (float(found[30, at]) for at in (8, 30, 52))
    assert paved > grass + 2.0 > water + 2.0


def test_cloud_takes_the_shade_away() -> None:
    built = np.zeros((60, 60))
    built[20:40, 10:20] = 20.0
    clear, grey = (comfort(PLAIN, built=built, **hot_year(cloud=c)).radiant_temperature for c in (0.0, 1.0))
    assert float(clear.max() - clear.min()) > 3.0 * float(grey.max() - grey.min())


def test_taller_trees_shade_farther_and_canopy_height_takes_the_factors_place() -> None:
    canopy = np.zeros((60, 60))
    canopy[25:35, 25:35] = 1.0
    plain = comfort(PLAIN, canopy=canopy)
    same = comfort(PLAIN, canopy=canopy, canopy_height=raster(np.where(canopy > 0, resolve("tree_crown")["height"], 0)))
    tall = comfort(PLAIN, canopy=canopy, canopy_height=raster(np.where(canopy > 0, 20.0, 0.0)))
    np.testing.assert_array_equal(plain.utci, same.utci)
    assert float(tall.sky_view.mean()) < float(plain.sky_view.mean())
    none = comfort(PLAIN, canopy=canopy, canopy_height=raster(np.zeros((60, 60))))
    np.testing.assert_array_equal(none.utci, comfort(PLAIN).utci)


def test_cells_that_nothing_is_known_of_have_no_value() -> None:
    cover, canopy = PLAIN.copy(), np.zeros((60, 60))
    cover[3, 4], canopy[5, 6] = 0, np.nan
    ground = np.zeros((60, 60))
    ground[7, 8] = np.nan
    found = comfort(cover, canopy=canopy, terrain=raster(ground))
    for name in ("sky_view", "radiant_temperature", "utci", "pet", "severe_heat_hours"):
        layer = getattr(found, name)
        assert int(layer.isnull().sum()) == 3, name
        assert np.isnan([layer[3, 4], layer[5, 6], layer[7, 8]]).all()


def test_cloud_of_clear_and_grey_days() -> None:
    height = np.radians(np.array([-5.0, 20.0, 60.0, 20.0]))
    sine = np.maximum(np.sin(height), 0.05)
    clear = 1098.0 * sine * np.exp(-0.057 / sine)
    assert cloud_cover(height, np.zeros(4), clear)[0] == pytest.approx(0.0, abs=1e-12)
    assert cloud_cover(height, np.zeros(4), 0.4 * clear)[0] == pytest.approx(0.6)
    assert cloud_cover(np.full(4, -0.2), np.zeros(4), np.zeros(4))[0] == 0.0


def test_the_files_own_sky_stands_for_the_formula() -> None:
    """Long-wave radiation as stated, in the balance of an open place by pencil; clouds only where it is not."""
    weather = Weather(**hot_year())
    formula = weather_of_day(weather, 200)
    black = STEFAN_BOLTZMANN * (formula.day.air + 273.15) ** 4
    hour = np.arange(8760) % 24
    none_yet = 0.0 * weather.dry_bulb
    stated, clouds = none_yet + 330.0 + 2.0 * hour, none_yet + hour / 23.0
    own = weather_of_day(weather, 200, Sky(stated, clouds))
    np.testing.assert_allclose(own.day.sky_emissivity * black, 330.0 + 2.0 * np.arange(24), rtol=1e-12)
    cloudy = weather_of_day(weather, 200, Sky(None, clouds))
    clear = weather_of_day(weather, 200, Sky(None, 0.0 * clouds)).day.sky_emissivity
    share = np.arange(24) / 23.0
    np.testing.assert_allclose(cloudy.day.sky_emissivity, share + (1.0 - share) * clear, rtol=1e-12)
    none = weather_of_day(weather, 200, Sky())
    assert (none.day.sky_emissivity == formula.day.sky_emissivity).all()
    p = OutdoorComfortParams(around=0, day=200, hour=2)
    warm, cold = (
        float(comfort(PLAIN, cell=4.0, p=p, sky_longwave=stated + more).radiant_temperature[30, 30])
        for more in (50.0, 0.0)
    )
    # 50 W/m2 more from above: half of it on the person, and half of the ground's warming from below.
    slope = 4.0 * STEFAN_BOLTZMANN * (273.15 + 0.5 * (warm + cold)) ** 3
    assert 25.0 / slope < warm - cold < 50.0 / slope


def test_the_day_that_feels_hottest_is_taken_not_a_warmer_one_under_cloud() -> None:
    """20 July is the warmest of the year; under cloud it feels cooler than the clear days around it."""
    year = hot_year()
    warmest = 200
    cloudy = slice(24 * warmest, 24 * warmest + 24)
    year["direct_normal"] = year["direct_normal"].copy()
    year["direct_normal"].iloc[cloudy] = 0.0
    found = weather_of_day(Weather(**year))
    grey = weather_of_day(Weather(**year), warmest + 1)
    assert grey.day.air.mean() > found.day.air.mean()
    assert open_place_utci(found).max() > open_place_utci(grey).max() + 1.0


def test_any_day_and_hour_can_be_asked_for() -> None:
    built = np.zeros((60, 60))
    built[20:40, 10:20] = 20.0
    winter, morning = (
        comfort(PLAIN, built=built, p=OutdoorComfortParams(around=0, day=day, hour=hour)).radiant_temperature
        for day, hour in ((15, 12), (None, 8))
    )
    noon = comfort(PLAIN, built=built, p=OutdoorComfortParams(around=0, hour=12)).radiant_temperature
    # Low sun from the south in January, from the east on a summer morning.
    assert float(winter[14, 15]) < float(winter[45, 15]) - 10.0
    assert float(morning[30, 7]) < float(morning[30, 24]) - 10.0
    assert float(winter.mean()) < float(noon.mean()) - 15.0


def test_hours_outside_what_utci_is_defined_for_have_no_value_and_are_counted() -> None:
    """Four hours of saturated air at 40 degC hold 7.4 kPa of vapour; the index ends at 5 kPa."""
    year = hot_year()
    plain = comfort(PLAIN, p=OutdoorComfortParams(day=201))
    assert plain.utci_undefined == 0.0
    air, humidity = year["dry_bulb"].copy(), year["relative_humidity"].copy()
    hours = slice(24 * 200 + 10, 24 * 200 + 14)
    air.iloc[hours], humidity.iloc[hours] = 40.0, 1.0
    wet = comfort(PLAIN, dry_bulb=air, relative_humidity=humidity, p=OutdoorComfortParams(day=201))
    assert wet.utci_undefined == pytest.approx(4.0 / 24.0)
    felt = wet.hourly_utci.to_numpy()
    assert np.isnan(felt[10:14]).all()
    assert np.isfinite(np.delete(felt, range(10, 14), axis=0)).all()
    hottest = weather_of_day(Weather(**(year | {"dry_bulb": air, "relative_humidity": humidity})))
    assert np.isfinite(open_place_utci(hottest).max()), "hours without a value do not choose the day"


def test_a_weather_file_without_sun_is_refused() -> None:
    dark = {name: 0.0 * hot_year()[name] for name in ("direct_normal", "diffuse_horizontal")}
    with pytest.raises(InputError) as failure:
        comfort(PLAIN, **dark)
    assert failure.value.text == "heat.no_sun"


@pytest.mark.parametrize("name", ["dry_bulb", "relative_humidity", "direct_normal", "diffuse_horizontal", "wind_speed"])
def test_part_of_a_year_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        comfort(PLAIN, **{name: hot_year()[name].iloc[:8000].rename(name)})


def test_figure_of_outdoor_comfort(figure: Callable[[str], Path]) -> None:
    cover, built, canopy = np.full((120, 160), 50), np.zeros((120, 160)), np.zeros((120, 160))
    cover[:, 110:] = 30
    cover[80:110, 120:150] = 80
    for column in (10, 45, 80):
        built[15:45, column : column + 22] = 24.0
        built[65:105, column : column + 22] = 12.0
    canopy[50:60:5, 5:105:6] = canopy[51:61:5, 5:105:6] = 1.0
    canopy[20:60, 118:150] = 0.9
    found = comfort(cover, built=built, canopy=canopy)
    axes = plt.figure(figsize=(12, 3.4), layout="constrained").subplots(1, 3, sharex=True, sharey=True)
    for axis, name, unit, limits, colours in (
        (axes[0], "sky_view", "-", (0, 1), "gray"),
        (axes[1], "radiant_temperature", "°C", (30, 75), "inferno"),
        (axes[2], "utci", "°C", (34, 48), "inferno"),
    ):
        layer = getattr(found, name)
        shown = axis.imshow(layer, extent=(0, 320, 0, 240), vmin=limits[0], vmax=limits[1], cmap=colours)
        axis.set_title(name.replace("_", " "))
        axis.set_xlabel("m")
        axis.figure.colorbar(shown, ax=axis, shrink=0.85, label=unit)
        assert float(layer.max() - layer.min()) > 0.05 * (limits[1] - limits[0])
    plt.savefig(figure("resilience.outdoor_comfort"), dpi=110)


def test_bare_crowns_let_winter_sun_through() -> None:
    """3 % of sunlight with leaves and half of it without; the same winter day with evergreen trees is darker."""
    cover, canopy = np.full((20, 20), 50), np.full((20, 20), 1.0)
    bare = comfort(cover, canopy=canopy, p=OutdoorComfortParams(day=20))
    green = comfort(cover, canopy=canopy, p=OutdoorComfortParams(day=20, leaf_from=1, leaf_to=365))
    assert float(bare.radiant_temperature.mean()) > float(green.radiant_temperature.mean()) + 3.0


@pytest.mark.parametrize(("day", "latitude", "leaves"), [(97, 57.7, True), (96, 57.7, False), (20, -33.9, True)])
def test_trees_are_in_leaf_in_summer_on_both_halves_of_the_earth(day: int, latitude: float, leaves: bool) -> None:
    assert in_leaf(day, latitude, OutdoorComfortParams()) is leaves


def test_hours_are_kept_where_asked_for() -> None:
    """The mean of three hours of the course is the map, and its hours are those of the day."""
    cover, built = np.full((12, 12), 50), np.zeros((12, 12))
    built[3:6, 3:6] = 12.0
    found = comfort(cover, built=built, p=OutdoorComfortParams(day=200, hour=13, by_hour=True))
    assert found.course is not None
    hours = found.course.hourly_radiant
    assert hours["time"].to_numpy().tolist() == [24.0 * 199 + k for k in range(24)]
    np.testing.assert_allclose(hours[12:15].mean(axis=0), found.radiant_temperature, rtol=1e-5)
    assert hours.isnull()[:, 3:6, 3:6].all()
    assert comfort(cover).course is None
