"""Landscape metrics by hand and by counting sides one by one; bounds, turned maps, corners."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy import ndimage
from scipy.ndimage import gaussian_filter

from citybraid.biodiversity.landscape_metrics import LandscapeMetrics, LandscapeMetricsParams, landscape_metrics
from citybraid.core.errors import InputError
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from tests.district import raster
from tests.ranges import ends

CELL = 10.0
Values = NDArray[np.float64]


def of(suitability: Values, cover: NDArray[np.integer] | None = None, *, cell: tuple[float, float] = (CELL, CELL)
       ) -> LandscapeMetrics:  # fmt: skip
    rows, columns = suitability.shape
    box = (0.0, 0.0, cell[1] * columns, cell[0] * rows)
    grid = GeoBox.from_bbox(box, crs="EPSG:32651", shape=(rows, columns))
    covers = np.full(suitability.shape, 50) if cover is None else cover
    return landscape_metrics(raster(suitability), raster(covers), grid, LandscapeMetricsParams())


def small() -> tuple[Values, NDArray[np.integer]]:
    """Return a wood of four cells and one apart on 16 cells, half of them grass."""
    suitability = np.zeros((4, 4))
    suitability[:2, :2] = suitability[3, 3] = 1.0
    cover = np.full((4, 4), 30)
    cover[:2] = 50
    return suitability, cover


def golden_case() -> Mapping[str, Any]:
    suitability, cover = small()
    suitability[2, 0] = np.nan
    grid = GeoBox.from_bbox((0, 0, 40, 40), crs="EPSG:32651", resolution=CELL)
    return {
        "habitat_suitability": raster(suitability), "land_cover": raster(cover), "grid": grid,
        "p": LandscapeMetricsParams(),
    }  # fmt: skip


def test_by_hand() -> None:
    """Patches of 400 and 100 m2 on 1 600; six sides inside of 10 m; five cells share four sides of five at most."""
    found = of(*small())
    assert found.habitat_patches == 2
    assert found.mean_patch_area == pytest.approx(0.025)
    assert found.largest_patch_share == pytest.approx(0.25)
    assert found.habitat_edge_density == pytest.approx(60.0 / 0.16)
    assert found.habitat_shape == pytest.approx(1.0)
    assert found.habitat_aggregation == pytest.approx(0.8)
    assert found.cover_diversity == pytest.approx(np.log(2.0))


def test_a_strip_is_less_compact_than_a_square_and_a_board_of_chess_shares_no_side() -> None:
    strip, board = np.zeros((9, 9)), np.indices((9, 9)).sum(axis=0) % 2
    strip[4] = 1.0
    assert of(strip).habitat_shape == pytest.approx(0.25 * 20 / 3)
    assert of(board.astype(float)).habitat_aggregation == 0.0
    assert of(board.astype(float)).habitat_patches == 1, "corners join"
    assert of(np.ones((9, 9))).habitat_aggregation == 1.0


def test_ground_without_a_value_is_no_edge_of_the_landscape() -> None:
    suitability, cover = small()
    suitability[:2, 2:] = np.nan
    found = of(suitability, cover)
    assert found.habitat_edge_density == pytest.approx(40.0 / 0.12)
    assert found.largest_patch_share == pytest.approx(4.0 / 12.0)


def counted(habitat: NDArray[np.bool_]) -> tuple[float, float]:
    """Return inner edges [m] and the mean shape by area, side by side in loops."""
    label, count = ndimage.label(habitat, np.ones((3, 3)))
    inner, around = 0, np.zeros(count + 1)
    for (row, column), patch in np.ndenumerate(label):
        for down, right in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            r, c = row + down, column + right
            inside = 0 <= r < label.shape[0] and 0 <= c < label.shape[1]
            if patch and (not inside or label[r, c] != patch):
                around[patch] += CELL
                inner += int(inside)
    area = np.bincount(label.ravel(), minlength=count + 1)[1:] * CELL**2
    return CELL * inner, float(np.average(around[1:] / (4.0 * np.sqrt(area)), weights=area)) if count else 0.0


drawn = st.tuples(st.integers(0, 2**32 - 1), st.floats(0.1, 0.9)).map(
    lambda each: (np.random.default_rng(each[0]).random((8, 11)) < each[1]).astype(float)
)


@given(drawn)
def test_edges_and_shape_by_counting(habitat: Values) -> None:
    found = of(habitat)
    edges, shape = counted(habitat > 0.0)
    assert found.habitat_edge_density == pytest.approx(edges / (habitat.size * CELL**2 / 1e4))
    assert found.habitat_shape == pytest.approx(shape)


@given(drawn)
def test_a_turned_map_has_the_same_and_all_lie_in_their_range(habitat: Values) -> None:
    found = of(habitat)
    assert of(habitat.T[::-1].copy()) == pytest.approx(found)
    assert 0.0 <= found.habitat_aggregation <= 1.0
    assert found.habitat_shape >= 1.0 or found.habitat_patches == 0
    assert found.habitat_patches * found.mean_patch_area == pytest.approx(habitat.sum() * CELL**2 / 1e4)


def corners() -> list[float]:
    return [*ends(HABITAT_SUITABILITY)]


@pytest.mark.parametrize("value", corners())
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (3, 3)])
def test_corners(value: float, shape: tuple[int, int]) -> None:
    found = of(np.full(shape, value))
    assert np.isfinite(found).all()
    assert found.cover_diversity == 0.0


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(InputError, match="square"):
        of(np.ones((3, 3)), cell=(10.0, 20.0))
    with pytest.raises(InputError, match="suitability"):
        of(np.full((3, 3), np.nan))


def test_figure(figure: Callable[[str], Path]) -> None:
    noise = gaussian_filter(np.random.default_rng(3).random((80, 80)), 3.0)
    scattered = np.random.default_rng(4).permutation(noise.ravel()).reshape(80, 80)
    axes = plt.figure(figsize=(8, 3.6), layout="constrained").subplots(1, 2)
    for axis, values, name in zip(axes, (noise, scattered), ("together", "scattered"), strict=True):
        habitat = (values > np.quantile(noise, 0.7)).astype(float)
        found = of(habitat)
        axis.imshow(habitat, cmap="Greens", vmax=1.4)
        axis.set_axis_off()
        axis.set_title(
            f"{name}: {found.habitat_patches} patches, edges {found.habitat_edge_density:.0f} m/ha,\n"
            f"shape {found.habitat_shape:.1f}, aggregation {found.habitat_aggregation:.2f}", fontsize=9,
        )  # fmt: skip
    plt.savefig(figure("biodiversity.landscape_metrics"), dpi=110)
    plt.close("all")
