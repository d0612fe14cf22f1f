"""Suitability and quality by hand; the threat's fading; figures of a district."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import rasterio
import xarray as xr
from odc.geo.geobox import GeoBox
from scipy.ndimage import distance_transform_edt

from citybraid.biodiversity.habitat_quality import (
    HabitatQuality,
    HabitatQualityParams,
    habitat_quality,
    threats_have_rows,
)
from citybraid.biodiversity.habitat_suitability import SuitabilityParams, habitat_suitability
from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import COVER
from citybraid.kernels.ecology.threat import decayed, density, nearest_strength
from citybraid.kernels.numerics import decay
from tests.commands import citybraid
from tests.district import District, cover_colours, district, raster
from tests.geotiffs import write_raster


def suits(place: District, species: str | None = None, **more: Any) -> xr.DataArray:
    found = habitat_suitability(
        land_cover=place.land_cover, suitability=resolve("habitat_suitability", region="CN-ZJ"),
        p=SuitabilityParams(species=species), **more,
    )  # fmt: skip
    return found.habitat_suitability


def quality(cover: xr.DataArray, suitability: xr.DataArray, grid: GeoBox, **more: Any) -> HabitatQuality:
    words: dict[str, Any] = {
        "threats": resolve("habitat_threat"),
        "sources": resolve("threat_source"),
        "sensitivity": resolve("habitat_sensitivity", region="CN-ZJ"),
        "p": HabitatQualityParams(),
    }
    return habitat_quality(land_cover=cover, habitat_suitability=suitability, grid=grid, **(words | more))


def test_a_species_has_rows_of_its_own() -> None:
    """Little egrets: water and wetland 1, paddy and trees half, and nothing on the rest."""
    place = district()
    cover = place.land_cover.to_numpy()
    found = suits(place, "little_egret").to_numpy()
    for code, score in ((80, 1.0), (90, 1.0), (40, 0.5), (10, 0.5), (30, 0.0), (51, 0.0)):
        assert (found[cover == code] == score).all()
    with pytest.raises(InputError, match=r"species 'otter' lacks rows.*otter/trees") as refused:
        suits(place, "otter")
    assert "物种“otter”缺少" in refused.value.say("zh")


def test_cropland_is_paddy_in_the_delta_and_dry_elsewhere() -> None:
    assert resolve("habitat_suitability", region="CN-ZJ")["cropland"] == 0.5
    assert resolve("habitat_suitability", region="CN-SN")["cropland"] == 0.3


def test_fading() -> None:
    source = np.zeros((1, 6))
    source[0, 0] = 0.4
    linear = nearest_strength(source, cell=(100.0, 100.0), reach=400.0, exponential=False)
    np.testing.assert_allclose(linear, 0.4 * np.array([[1, 0.75, 0.5, 0.25, 0, 0]]))
    last = nearest_strength(source, cell=(100.0, 100.0), reach=400.0, exponential=True)[0]
    assert last[4] == pytest.approx(0.4 * 0.05, abs=2e-4)
    assert last[5] == 0.0
    assert not nearest_strength(np.zeros((2, 2)), cell=(1.0, 1.0), reach=9.0, exponential=True).any()


@pytest.mark.parametrize("share", [0.002, 0.05, 0.6])
def test_the_nearest_source_is_that_of_the_exact_distance_transform(share: float) -> None:
    random = np.random.default_rng(5)
    source = np.where(random.random((60, 83)) < share, 1.0, 0.0)
    source[7, 11] = 1.0
    away = distance_transform_edt(source == 0.0, sampling=(10.0, 7.0))
    found = nearest_strength(source, cell=(10.0, 7.0), reach=300.0, exponential=False)
    np.testing.assert_allclose(found, decayed(away, reach=300.0, exponential=False), atol=1e-12)


def test_single_precision_of_large_grids_is_within_a_millionth(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(6)
    values, known = random.random((150, 170)), (random.random((150, 170)) < 0.8).astype(np.uint8)
    words: dict[str, Any] = {"cell": (10.0, 10.0), "reach": 400.0, "exponential": True}
    for mask in (known, np.ones_like(known)):
        double = density(values * mask, mask, **words)
        with monkeypatch.context() as patch:
            patch.setattr(decay, "LARGE", 0)
            single = density(values * mask, mask, **words)
        assert (single != double).any()
        np.testing.assert_allclose(single, double, atol=1e-6)


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
    # Outside habitat too, as in InVEST: at the road the other threat lies 2 km off, at the roof the road
    road, roof = 0.5 / 0.7 * 0.5 + 0.2 / 0.7 * 0.6 * 0.3, 0.5 / 0.7 * 0.8 * 0.5 + 0.2 / 0.7 * 0.3
    np.testing.assert_allclose(found.habitat_degradation.to_numpy()[0, [0, 2]], [road, roof])


def test_density_by_hand() -> None:
    grid = GeoBox.from_bbox((0, 0, 3000, 1000), crs="EPSG:32651", resolution=1000)
    cover = raster(np.array([[51, 10, 52]]))
    found = quality(cover, raster(np.array([[0.0, 1.0, 0.0]])), grid)
    # Linear weights 1 at the cell, 0.9 or 0.8 a kilometre off: one neighbour of three cells bears each threat
    degraded = 0.5 / 0.7 * (0.9 / 2.8) * 0.8 + 0.2 / 0.7 * (0.8 / 2.6) * 0.9
    assert float(found.habitat_degradation[0, 1]) == pytest.approx(degraded)


ROW = GeoBox.from_bbox((0, 0, 3000, 1000), crs="EPSG:32651", resolution=1000)
WOOD = raster(np.array([[51, 10, 52]])), raster(np.array([[0.0, 1.0, 0.0]]))


def saturated(degraded: float) -> float:
    lost: float = 1.0 / (1.0 + (0.5 / degraded) ** 2.5) if degraded > 0.0 else 0.0
    return 1.0 - lost


def test_a_raster_takes_the_place_of_the_land_cover_of_its_threat() -> None:
    """Traffic at a quarter of full intensity on the road's cell, none elsewhere; homes still follow from roofs."""
    traffic = {"transport": raster(np.array([[0.25, 0.0, 0.0]]))}
    found = quality(*WOOD, ROW, threat_intensities=traffic)
    degraded = 0.5 / 0.7 * (0.9 * 0.25 / 2.8) * 0.8 + 0.2 / 0.7 * (0.8 / 2.6) * 0.9
    assert float(found.habitat_degradation[0, 1]) == pytest.approx(degraded)
    assert float(found.habitat_quality[0, 1]) == pytest.approx(saturated(degraded))
    nearest = quality(*WOOD, ROW, threat_intensities=traffic, p=HabitatQualityParams(reading="nearest"))
    degraded = 0.5 / 0.7 * 0.9 * 0.25 * 0.8 + 0.2 / 0.7 * 0.8 * 0.9
    assert float(nearest.habitat_degradation[0, 1]) == pytest.approx(degraded)


def test_rasters_of_the_land_covers_change_nothing() -> None:
    place = district()
    cover = place.land_cover.to_numpy()
    rasters = {"transport": raster((cover == 51) * 1.0), "residential": raster(np.isin(cover, [50, 52]) * 1.0)}
    for reading in ("density", "nearest"):
        words: dict[str, Any] = {"p": HabitatQualityParams.model_validate({"reading": reading})}
        plain = quality(place.land_cover, suits(place), place.grid, **words)
        given = quality(place.land_cover, suits(place), place.grid, threat_intensities=rasters, **words)
        np.testing.assert_array_equal(plain.habitat_quality, given.habitat_quality)


def test_a_threat_without_a_land_cover_counts_by_its_raster() -> None:
    """A mine beside the wood adds its weight to the sum of weights: 0.3 of 1.0; its raster ends at the wood."""
    mine = {"industrial_mining": raster(np.array([[np.nan, 0.0, 1.0]]))}
    found = quality(*WOOD, ROW, threat_intensities=mine)
    degraded = 0.5 * (0.9 / 2.8) * 0.8 + 0.2 * (0.8 / 2.6) * 0.9 + 0.3 * (0.8 / 1.8) * 0.8
    assert float(found.habitat_degradation[0, 1]) == pytest.approx(degraded)


def test_an_own_threat_with_exponential_decay() -> None:
    """InVEST eq. 1 to 4 with one threat of one's own, 2 km wide, β = 0.3 at the wood."""
    rows = {"quarry/weight": 0.7, "quarry/reach": 2000.0, "quarry/exponential": 1.0}
    sensitive = {f"quarry/{name}": 0.6 for _, name in COVER}
    found = quality(
        *WOOD, ROW, threats=rows, sources={}, sensitivity=sensitive, p=HabitatQualityParams(reading="nearest"),
        threat_intensities={"quarry": raster(np.array([[1.0, 0.0, 0.0]]))},
        threat_access=raster(np.array([[np.nan, 0.3, 1.0]])),
    )  # fmt: skip
    degraded = np.exp(-2.99 * 1000.0 / 2000.0) * 0.3 * 0.6
    assert float(found.habitat_degradation[0, 1]) == pytest.approx(degraded)
    assert float(found.habitat_quality[0, 1]) == pytest.approx(saturated(degraded))


@pytest.mark.parametrize(("access", "share"), [(1.0, 1.0), (0.4, 0.4), (0.0, 0.0), (np.nan, 1.0)])
def test_access_scales_degradation(access: float, share: float) -> None:
    """Full protection leaves quality at suitability; where the raster has no value the cell is open."""
    plain = quality(*WOOD, ROW)
    found = quality(*WOOD, ROW, threat_access=raster(np.array([[1.0, access, 1.0]])))
    degraded = share * float(plain.habitat_degradation[0, 1])
    assert float(found.habitat_degradation[0, 1]) == pytest.approx(degraded)
    assert float(found.habitat_quality[0, 1]) == pytest.approx(saturated(degraded))


def test_a_raster_of_an_unknown_threat_is_refused_with_its_rows() -> None:
    with pytest.raises(InputError, match="'poachers'") as told:
        quality(*WOOD, ROW, threat_intensities={"poachers": raster(np.zeros((1, 3)))})
    assert "habitat_threat,poachers/weight" in str(told.value)
    assert "habitat_sensitivity,poachers/trees" in str(told.value)
    with pytest.raises(InputError):
        threats_have_rows(
            threat_intensities={"poachers": raster(np.zeros((1, 3)))}, threats=resolve("habitat_threat"),
            sources=resolve("threat_source"), sensitivity=resolve("habitat_sensitivity"),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"transport/reach": 0.0}, r"threat 'transport' reaches 0 m.*habitat_threat,transport/reach"),
        ({"residential/weight": -0.2}, r"threat 'residential' has the weight -0.2"),
        (
            {"residential/weight": 0.0, "transport/weight": 0.0},
            r"weights of all threats are 0 \(threats residential, tr",
        ),
    ],
)
def test_amounts_that_no_threat_has_are_refused(rows: dict[str, float], told: str) -> None:
    """They ended in a division by 0, or in quality as if there were no threat at all."""
    place = district()
    threats = {**resolve("habitat_threat"), **rows}
    with pytest.raises(InputError, match=told):
        quality(place.land_cover, suits(place), place.grid, threats=threats)
    with pytest.raises(InputError, match=told):
        threats_have_rows(
            threat_intensities=None, threats=threats, sources=resolve("threat_source"),
            sensitivity=resolve("habitat_sensitivity"),
        )  # fmt: skip


def test_the_command_takes_rasters_of_threats_and_access(tmp_path: Path) -> None:
    """From GeoTIFFs to quality: a row of three cells of 1 km, hand arithmetic as above."""
    rows: dict[str, list[float]] = {
        "cover": [51, 10, 52], "suits": [0, 1, 0], "traffic": [0.25, 0, 0], "access": [1, 0.5, 1],
    }  # fmt: skip
    for name, values in rows.items():
        kind = np.uint8 if name == "cover" else np.float32
        write_raster(tmp_path / f"{name}.tif", np.tile(np.array(values, dtype=kind), (2, 1)), cell=1000.0)
    done = citybraid(
        "model", "biodiversity.habitat_quality", "--land-cover", "cover.tif", "--habitat-suitability", "suits.tif",
        "--threat-intensities", "transport=traffic.tif", "--threat-access", "access.tif", "--reading", "nearest",
        "--region", "CN-ZJ", "--out", "out", folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    degraded = 0.5 * (0.5 / 0.7 * 0.9 * 0.25 * 0.8 + 0.2 / 0.7 * 0.8 * 0.9)
    with rasterio.open(tmp_path / "out" / "habitat_quality.tif") as source:
        np.testing.assert_allclose(source.read(1)[:, 1], saturated(degraded), rtol=1e-6)
    inputs = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["inputs"]
    assert inputs["threat_intensities"]["transport"]["file"] == "traffic.tif"


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
