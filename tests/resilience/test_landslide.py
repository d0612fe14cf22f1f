"""Landslide screening: the slope by hand, the chance by counting, wet hollows first, refusals, a picture."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from affine import Affine
from matplotlib.colors import ListedColormap
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.terrain.slope_stability import Soil, factor_of_safety, probability_above_one, stability_index
from citybraid.resilience.areas.landslide import Landslide, LandslideParams, landslide
from tests.resilience.months_record import uniform

GRID = GeoBox((60, 60), Affine(10.0, 0, 6e5, 0, -10.0, 2.7e6), "EPSG:4548")
SOIL = Soil((0.0, 0.25), (np.tan(np.deg2rad(30)), np.tan(np.deg2rad(45))), (1 / 3000, 1 / 2000), 0.5)
HILL = np.array([1.0])


def hills() -> np.ndarray:
    """Two spurs and a hollow that fall to the south, steepest half way down."""
    row, column = np.mgrid[:60, :60]
    fall = 130.0 / (1.0 + np.exp((row - 30.0) / 5.0))
    return np.asarray(fall + 12.0 * np.abs(np.sin((column - 30.0) * np.pi / 60.0)) * (fall / 130.0) + 0.01 * (60 - row))


def slides(ground: np.ndarray | None = None, grid: GeoBox = GRID, **words: Any) -> Landslide:
    return landslide(
        terrain=xr.DataArray(hills() if ground is None else ground, dims=("y", "x")),
        soil=words.pop("soil", resolve("landslide_soil")),
        grid=grid,
        p=LandslideParams(**words),
    )


def test_factor_of_safety_by_hand() -> None:
    # 35° of slope, 50 m of area a metre of width, R/T 1/2000: w = 0.025 / sin 35°; C = 0, 30° of friction
    slope = np.tan(np.deg2rad(35.0)) * HILL
    wet = 50.0 / 2000.0 / np.sin(np.deg2rad(35.0))
    want = np.cos(np.deg2rad(35.0)) * (1 - 0.5 * wet) * np.tan(np.deg2rad(30.0)) / np.sin(np.deg2rad(35.0))
    assert factor_of_safety(50.0 * HILL, slope, SOIL, worst=True)[0] == pytest.approx(want)
    soaked = factor_of_safety(1e9 * HILL, slope, SOIL, worst=False)[0]
    want = (0.25 + np.cos(np.deg2rad(35.0)) * 0.5) / np.sin(np.deg2rad(35.0))
    assert soaked == pytest.approx(want)
    assert factor_of_safety(HILL, 0.0 * HILL, SOIL, worst=True)[0] == 10.0


def test_chance_by_counting() -> None:
    draws = uniform(3 * 40_000, 17).reshape(3, -1)
    cohesion, friction, wet = (
        low + (high - low) * each
        for (low, high), each in zip((SOIL.cohesion, SOIL.friction, SOIL.wetness), draws, strict=True)
    )
    for angle, area in ((30.0, 400.0), (38.0, 200.0), (42.0, 80.0)):
        t = np.deg2rad(angle)
        w = np.minimum(wet * area / np.sin(t), 1.0)
        counted = np.mean((cohesion + np.cos(t) * (1 - 0.5 * w) * friction) / np.sin(t) > 1.0)
        found = probability_above_one(area * HILL, np.tan(t) * HILL, SOIL)[0]
        assert found == pytest.approx(counted, abs=0.01)


def test_index_joins_safety_and_chance() -> None:
    slope = np.tan(np.deg2rad(np.array([5.0, 25.0, 38.0, 60.0])))
    index = stability_index(np.full(4, 30.0), slope, SOIL)
    assert index[0] > 1.5
    assert 1.0 < index[1] < 1.5
    assert 0.0 < index[2] < 1.0
    assert index[3] == 0.0


def test_steep_hollows_slide_first() -> None:
    found = slides()
    worst = found.slope_stability.to_numpy()[20:40].min(axis=0)
    assert worst[28:33].min() < worst[[5, 55]].min()
    assert found.landslide_area == pytest.approx((found.slope_stability.to_numpy() < 1).sum() * 100.0)
    assert 0.0 < found.landslide_area < 36e4
    assert set(np.unique(found.landslide_class)) <= set(range(1, 7))
    assert slides(recharge_factor=3.0).landslide_area > found.landslide_area


def test_what_is_refused() -> None:
    with pytest.raises(InputError, match="square"):
        slides(grid=GeoBox((60, 60), Affine(10.0, 0, 6e5, 0, -12.0, 2.7e6), "EPSG:4548"))
    rows = {**resolve("landslide_soil"), "friction_low": 50.0}
    with pytest.raises(InputError, match="friction"):
        slides(soil=rows)


def test_figure(figure: Callable[[str], Path]) -> None:
    left, right = plt.figure(figsize=(8.0, 3.6), layout="constrained").subplots(1, 2)
    found = slides()
    colours = ListedColormap(["#e8efe2", "#cfe0b8", "#f3e3a0", "#f0b768", "#d9734a", "#8f2d2d"])
    for axes, each, title in ((left, found, "factor rows"), (right, slides(recharge_factor=2.0), "twice the recharge")):
        image = axes.imshow(each.landslide_class, cmap=colours, vmin=0.5, vmax=6.5)
        axes.contour(hills(), levels=14, colors="#777777", linewidths=0.5)
        axes.set(title=f"{title}: {each.landslide_area / 1e4:.1f} ha may slide", xticks=[], yticks=[])
    bar = right.figure.colorbar(image, ax=[left, right], shrink=0.85, ticks=range(1, 7))
    bar.ax.set_yticklabels(["stable", "moderate", "quasi", "lower", "upper", "defended"], fontsize=8)
    path = figure(landslide.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000
