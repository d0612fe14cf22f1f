"""Summer climate, heat island, cooling: known cases, green roofs and street trees, parks, what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.numerics.decay import disc, disc_cells, distances, weighted_mean
from citybraid.resilience.heat.cooling import Cooling, CoolingParams, cooling
from citybraid.resilience.heat.heat_island import HeatIslandParams, heat_island
from citybraid.resilience.heat.summer_climate import SummerClimateParams, summer_climate
from tests.district import COLOURS, District, cover_colours, district, raster
from tests.weather_year import WeatherYear, weather_year


def island(year: WeatherYear) -> float:
    return heat_island(
        dry_bulb=year.dry_bulb,
        global_horizontal=year.global_horizontal,
        wind_speed=year.wind_speed,
        latitude=30.7,
        dense_quarter=resolve("dense_quarter", region="CN-ZJ"),
        p=HeatIslandParams(),
    ).heat_island


def cooled(place: District, **more: Any) -> Cooling:
    words: dict[str, Any] = {
        "land_cover": place.land_cover,
        "canopy_cover": place.canopy_cover,
        "reference_evapotranspiration": 4.6,
        "rural_temperature": 27.0,
        "heat_island": 3.5,
        "surface_albedo": resolve("surface_albedo"),
        "crop_coefficient": resolve("crop_coefficient"),
        "dense_quarter": resolve("dense_quarter"),
        "grid": place.grid,
        "p": CoolingParams(),
    }
    return cooling(**(words | more))


def test_heat_island_by_hand() -> None:
    # A steady sun, a saw of 8 K a day, 2 m/s: (2 - 0.45) (300 / 1206 x 512 / 2)^(1/4)
    hours = np.arange(8760)
    year = weather_year()._replace(
        dry_bulb=pd.Series(20.0 + 8.0 * (hours % 24 == 15)),
        global_horizontal=pd.Series(np.full(8760, 300.0)),
        wind_speed=pd.Series(np.full(8760, 2.0)),
    )
    assert island(year) == pytest.approx(1.55 * (300 / 1206 * 512 / 2) ** 0.25, rel=1e-12)


def test_the_form_of_the_town_makes_its_evening() -> None:
    """By hand: (2 - SVF - f) over 1.55; higher houses narrow the sky, and most of the heat island is left."""
    cover, canopy = np.full((120, 120), 50), np.zeros((120, 120))
    cover[:, 80:] = 30
    side = np.arange(80) % 8 >= 4
    block = np.zeros((120, 120))
    block[:, :80] = np.tile(side, 2)[:120, None] & side[None, :]
    grid = GeoBox.from_bbox((0, 0, 600, 600), crs="EPSG:32651", resolution=5)
    words = {
        "land_cover": raster(cover),
        "canopy_cover": raster(canopy),
        "grid": grid,
        "building_fraction": raster(block),
        "p": CoolingParams(large_green=1000.0),
    }
    low, high = (
        cooled(district(), **words, building_height=raster(block * tall)).air_temperature for tall in (5.0, 25.0)
    )
    assert float(high[60, 20]) > float(low[60, 20]) + 0.3
    assert float(high.max() - high.min()) > 1.8
    assert float(high.min()) < 28.0
    none = cooled(district(), land_cover=raster(np.full((40, 40), 50)), canopy_cover=raster(np.zeros((40, 40))),
                  grid=GeoBox.from_bbox((0, 0, 200, 200), crs="EPSG:32651", resolution=5))  # fmt: skip
    assert float(none.air_temperature.mean()) == pytest.approx(30.5, abs=1e-6)


@pytest.mark.parametrize("gap", ["short", "missing"])
def test_part_of_a_year_is_refused(gap: str) -> None:
    year = weather_year()
    cut = year.dry_bulb.iloc[:8000] if gap == "short" else year.dry_bulb.mask(year.dry_bulb.index == 99)
    with pytest.raises(InputError, match="dry_bulb"):
        summer_climate(**year._replace(dry_bulb=cut)._asdict(), latitude=30.0, elevation=0.0, p=SummerClimateParams())


def test_cooling_capacity_by_hand() -> None:
    place = district()
    found = cooled(place).cooling_capacity.to_numpy()
    cover, canopy = place.land_cover.to_numpy(), place.canopy_cover.to_numpy()
    road = (cover == 51) & (canopy == 0.35)
    coefficient, albedo = 0.65 * 0.1 + 0.35 * 1.0, 0.65 * 0.18 + 0.35 * 0.18
    np.testing.assert_allclose(found[road], 0.6 * 0.35 + 0.2 * albedo + 0.2 * coefficient)
    np.testing.assert_allclose(found[cover == 80], 0.2 * 0.05 + 0.2 * 1.05)


def test_green_roofs_and_street_trees_cool() -> None:
    place = district()
    roof = raster(np.where(place.land_cover.to_numpy() == 52, 0.6, 0.0))
    plain, planted = cooled(place), cooled(place, green_roof_cover=roof)
    assert float(planted.air_temperature.mean()) < float(plain.air_temperature.mean())
    more = raster(np.where(place.land_cover.to_numpy() == 51, 0.6, place.canopy_cover.to_numpy()))
    shaded = cooled(place, canopy_cover=more)
    assert float(shaded.air_temperature.mean()) < float(plain.air_temperature.mean()) - 0.03
    assert float((shaded.air_temperature - plain.air_temperature).max()) <= 1e-9


def test_a_measured_albedo_stands_for_ground_and_canopy() -> None:
    place = district()
    white = raster(np.full(place.grid.shape, 0.9))
    gained = cooled(place, albedo=white).cooling_capacity - cooled(place).cooling_capacity
    np.testing.assert_allclose(gained.to_numpy()[place.land_cover.to_numpy() == 51], 0.2 * (0.9 - 0.18))


def test_large_parks_reach_beyond_themselves() -> None:
    place = district()
    alone, lent = (cooled(place, p=CoolingParams(large_green=size, mixing_radius=0.0)) for size in (1000.0, 2.0))
    gained = (alone.air_temperature - lent.air_temperature).to_numpy()
    assert (gained >= -1e-12).all()
    assert gained.max() > 0.1


def test_weights_at_edges_and_holes() -> None:
    values, mask = np.arange(20.0).reshape(4, 5), np.ones((4, 5), dtype=np.uint8)
    mask[1, 1] = 0
    weights = disc(distances((1.0, 1.0), reach=1.0, shape=(4, 5)), reach=1.0)
    mean = weighted_mean(np.where(mask > 0, values, 0.0), mask, weights)
    assert weights.sum() == disc_cells((1.0, 1.0), reach=1.0) == 5
    assert mean[0, 0] == pytest.approx((0 + 1 + 5) / 3)
    assert mean[1, 1] == pytest.approx((1 + 5 + 7 + 11) / 4)
    assert disc_cells((30.0, 30.0), reach=90.0) == disc(distances((30, 30), reach=90, shape=(99, 99)), reach=90).sum()


def test_figure_of_summer(figure: Callable[[str], Path]) -> None:
    winds, means = np.linspace(0.5, 8, 16), (14.0, 17.0, 20.0)
    axes = plt.figure(figsize=(6.4, 3.8)).subplots()
    for mean in means:
        found = [
            summer_climate(
                **weather_year(mean=mean, wind=wind)._asdict(), latitude=30.7, elevation=5.0, p=SummerClimateParams()
            )
            for wind in winds
        ]
        evaporated = [one.reference_evapotranspiration for one in found]
        assert (np.diff(evaporated) > 0).all()
        axes.plot(winds, evaporated, label=f"summer evening {found[0].rural_temperature:.1f} °C")
    axes.set(
        xlabel="wind at 10 m [m/s]", ylabel="reference evapotranspiration [mm/day]", title="Made-up years at 30.7° N"
    )
    axes.legend()
    axes.grid(alpha=0.3)
    plt.savefig(figure("resilience.summer_climate"), dpi=110, bbox_inches="tight")
    plt.close("all")


def test_figure_of_heat_island(figure: Callable[[str], Path]) -> None:
    winds = np.linspace(0.5, 10, 20)
    axes = plt.figure(figsize=(6.4, 3.8)).subplots()
    for swing in (2.5, 4.0, 6.0):
        values = [island(weather_year(swing=swing, wind=wind)) for wind in winds]
        assert (np.diff(values) <= 0).all()
        axes.plot(winds, values, label=f"daily range {2 * swing:.0f} K")
    axes.set(
        xlabel="wind at 10 m [m/s]",
        ylabel="heat island [K]",
        title="Densest quarter, sky view 0.45, no green",
        ylim=(0, None),
    )
    axes.legend()
    axes.grid(alpha=0.3)
    plt.savefig(figure("resilience.heat_island"), dpi=110, bbox_inches="tight")
    plt.close("all")


def test_figure_of_cooling(figure: Callable[[str], Path]) -> None:
    place = district()
    found = cooled(place)
    colours, norm = cover_colours()
    ground, capacity, air = plt.figure(figsize=(11, 3.6), layout="constrained").subplots(1, 3, sharex=True, sharey=True)
    extent = (0, 1600, 0, 1600)
    ground.imshow(place.land_cover, extent=extent, cmap=colours, norm=norm, interpolation="nearest")
    ground.set_title("land cover")
    for axes, values, name, cmap in (
        (capacity, found.cooling_capacity, "cooling capacity [-]", "YlGn"),
        (air, found.air_temperature, "evening air [°C]", "inferno"),
    ):
        shown = axes.imshow(values, extent=extent, cmap=cmap)
        axes.figure.colorbar(shown, ax=axes, shrink=0.85)
        axes.set_title(name)
    plt.savefig(figure("resilience.cooling"), dpi=110)
    plt.close("all")
    assert set(np.unique(place.land_cover)) <= set(COLOURS)
    assert float(found.air_temperature.max() - found.air_temperature.min()) > 0.5
