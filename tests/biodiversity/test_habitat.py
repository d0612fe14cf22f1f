"""Suitability and quality by hand; the threat's fading; figures of a district."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.habitat_quality import HabitatQuality, HabitatQualityParams, habitat_quality
from citybraid.biodiversity.habitat_suitability import habitat_suitability
from citybraid.core.factor import resolve
from citybraid.kernels.ecology.threat import decayed, distance_to
from tests.district import District, cover_colours, district, raster


def suits(place: District, **more: Any) -> xr.DataArray:
    found = habitat_suitability(
        land_cover=place.land_cover, suitability=resolve("habitat_suitability", region="CN-ZJ"), **more
    )
    return found.habitat_suitability


def quality(cover: xr.DataArray, suitability: xr.DataArray, grid: GeoBox, **more: Any) -> HabitatQuality:
    words: dict[str, Any] = {
        "threats": resolve("habitat_threat"),
        "sources": resolve("threat_source"),
        "sensitivity": resolve("habitat_sensitivity", region="CN-ZJ"),
        "p": HabitatQualityParams(),
    }
    return habitat_quality(land_cover=cover, habitat_suitability=suitability, grid=grid, **(words | more))


def test_cropland_is_paddy_in_the_delta_and_dry_elsewhere() -> None:
    assert resolve("habitat_suitability", region="CN-ZJ")["cropland"] == 0.5
    assert resolve("habitat_suitability", region="CN-SN")["cropland"] == 0.3


def test_fading() -> None:
    source = np.zeros((1, 6), dtype=np.uint8)
    source[0, 0] = 1
    away = distance_to(source, cell=(100.0, 100.0))
    np.testing.assert_allclose(away, [[0, 100, 200, 300, 400, 500]])
    np.testing.assert_allclose(decayed(away, reach=400.0, exponential=False), [[1, 0.75, 0.5, 0.25, 0, 0]])
    last = decayed(away, reach=400.0, exponential=True)[0]
    assert last[4] == pytest.approx(0.05, abs=3e-4)
    assert last[5] == 0.0
    assert not decayed(distance_to(np.zeros((2, 2), np.uint8), cell=(1, 1)), reach=9.0, exponential=True).any()


def test_quality_by_hand() -> None:
    grid = GeoBox.from_bbox((0, 0, 3000, 1000), crs="EPSG:32651", resolution=1000)
    cover = raster(np.array([[51, 10, 52]]))
    suitability = raster(np.array([[0.0, 1.0, 0.0]]))
    found = quality(cover, suitability, grid, p=HabitatQualityParams(reading="nearest"))
    # Weights 0.2 and 0.5; the wood lies 1 km from both: 0.9 of transport's 10 km, 0.8 of residential's 5 km
    degraded = 0.5 / 0.7 * 0.9 * 0.8 + 0.2 / 0.7 * 0.8 * 0.9
    assert float(found.habitat_degradation[0, 1]) == pytest.approx(degraded)
    assert float(found.habitat_quality[0, 1]) == pytest.approx(1 - degraded**2.5 / (degraded**2.5 + 0.5**2.5))
    assert found.habitat_quality.to_numpy()[0, [0, 2]].tolist() == [0.0, 0.0]
    assert found.habitat_degradation.to_numpy()[0, [0, 2]].tolist() == [0.0, 0.0]


def test_density_by_hand() -> None:
    grid = GeoBox.from_bbox((0, 0, 3000, 1000), crs="EPSG:32651", resolution=1000)
    cover = raster(np.array([[51, 10, 52]]))
    found = quality(cover, raster(np.array([[0.0, 1.0, 0.0]])), grid)
    # Linear weights 1 at the cell, 0.9 or 0.8 a kilometre off: one neighbour of three cells bears each threat
    degraded = 0.5 / 0.7 * (0.9 / 2.8) * 0.8 + 0.2 / 0.7 * (0.8 / 2.6) * 0.9
    assert float(found.habitat_degradation[0, 1]) == pytest.approx(degraded)


def test_woods_are_worth_more_than_lawns_in_a_built_up_district() -> None:
    place = district()
    values = quality(place.land_cover, suits(place), place.grid).habitat_quality.to_numpy()
    cover = place.land_cover.to_numpy()
    assert values[cover == 10].min() > values[cover == 30].max()


def test_green_roofs_and_street_trees_make_habitat() -> None:
    place = district()
    roof = raster(np.where(place.land_cover.to_numpy() == 52, 0.6, 0.0))
    plain, green = suits(place), suits(place, canopy_cover=place.canopy_cover, green_roof_cover=roof)
    before, after = (quality(place.land_cover, one, place.grid).habitat_quality for one in (plain, green))
    assert float(after.mean()) > float(before.mean())
    roofs = place.land_cover.to_numpy() == 52
    assert (before.to_numpy()[roofs] == 0.0).all()
    assert (after.to_numpy()[roofs] > 0.0).all()
    assert (after.to_numpy()[roofs] < green.to_numpy()[roofs]).all()


def test_figure_of_suitability(figure: Callable[[str], Path]) -> None:
    place = district()
    colours, norm = cover_colours()
    ground, shown = plt.figure(figsize=(8, 3.7), layout="constrained").subplots(1, 2, sharey=True)
    extent = (0, 1600, 0, 1600)
    ground.imshow(place.land_cover, extent=extent, cmap=colours, norm=norm, interpolation="nearest")
    ground.set_title("land cover")
    values = suits(place, canopy_cover=place.canopy_cover)
    image = shown.imshow(values, extent=extent, cmap="YlGn", vmin=0, vmax=1)
    shown.figure.colorbar(image, ax=shown)
    shown.set_title("habitat suitability [-]")
    plt.savefig(figure("biodiversity.habitat_suitability"), dpi=110)
    plt.close("all")
    assert float(values.max()) == 1.0


def test_figure_of_quality(figure: Callable[[str], Path]) -> None:
    place = district()
    found = quality(place.land_cover, suits(place, canopy_cover=place.canopy_cover), place.grid)
    left, right = plt.figure(figsize=(8.4, 3.7), layout="constrained").subplots(1, 2, sharey=True)
    for axes, values, name, cmap in (
        (left, found.habitat_degradation, "degradation [-]", "OrRd"),
        (right, found.habitat_quality, "habitat quality [-]", "YlGn"),
    ):
        image = axes.imshow(values, extent=(0, 1600, 0, 1600), cmap=cmap, vmin=0)
        axes.figure.colorbar(image, ax=axes)
        axes.set_title(name)
    plt.savefig(figure("biodiversity.habitat_quality"), dpi=110)
    plt.close("all")
    assert 0.0 < float(found.habitat_quality.mean()) < 1.0
