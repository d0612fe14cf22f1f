"""Climate refuges by hand, along warmer climates, refusals; corners, the figure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import ListedColormap
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import gaussian_filter

from citybraid.biodiversity.climate_refuges import ClimateRefuges, RefugeParams, climate_refuges
from citybraid.core.errors import InputError
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from citybraid.report.drawing.palettes import code_colours
from tests.district import raster
from tests.ranges import ends

GRID = GeoBox.from_bbox((0, 0, 200, 200), crs="EPSG:32651", resolution=50.0)
HOURS = 24


def air(by_block: NDArray[np.float64], *, hours: int = HOURS) -> xr.DataArray:
    """Return a field of blocks of 100 m over the grid: nights 8 K cooler than the hours from 10:00 to 16:00."""
    rows, columns = by_block.shape
    values = np.tile(by_block - 8.0, (hours, 1, 1))
    values[10:16] += 8.0
    y, x = 100.0 * (rows - 0.5 - np.arange(rows)), 100.0 * (np.arange(columns) + 0.5)
    return xr.DataArray(values, dims=("time", "y", "x"), coords={"time": np.arange(hours, dtype=float), "y": y, "x": x})


BLOCKS = np.array([[30.0, 31.0], [32.0, 33.0]])


def of(
    blocks: NDArray[np.float64] = BLOCKS, suits: NDArray[np.float64] | None = None, *, limit: float | None = None
) -> ClimateRefuges:
    suited = np.ones(GRID.shape) if suits is None else suits
    return climate_refuges(raster(suited), air(blocks), GRID, RefugeParams(limit=limit))


def golden_case() -> Mapping[str, Any]:
    suits = np.ones(GRID.shape)
    suits[:, 3], suits[0, 0] = 0.2, np.nan
    return {"habitat_suitability": raster(suits), "hourly_air": air(BLOCKS), "grid": GRID, "p": RefugeParams()}


def test_by_hand() -> None:
    """Blocks of 30, 31, 32 and 33 degC, four cells of 0.25 ha each: up to 31 degC two blocks are refuges."""
    found = of(limit=31.0)
    assert found.climate_refuge.to_numpy().tolist() == [[2, 2, 2, 2]] * 2 + [[1, 1, 1, 1]] * 2
    assert (found.refuge_area, found.refuge_share, found.refuge_limit) == (2.0, 0.5, 31.0)


def test_without_a_limit_it_is_the_mean_air_of_the_area() -> None:
    suits = np.ones(GRID.shape)
    suits[:, 2:] = 0.5
    found = of(suits=suits)
    assert found.refuge_limit == pytest.approx(31.5)
    assert found.climate_refuge.to_numpy().tolist() == [[2, 2, 0, 0]] * 2 + [[1, 1, 0, 0]] * 2
    assert found.refuge_share == pytest.approx(0.5)


def test_habitat_without_air_is_no_refuge_and_none_has_no_share() -> None:
    blocks = BLOCKS.copy()
    blocks[0, 0] = np.nan
    assert of(blocks, limit=40.0).refuge_share == pytest.approx(0.75)
    assert of(suits=np.zeros(GRID.shape)).refuge_share == 0.0


def test_fields_without_a_day_or_air_are_refused() -> None:
    with pytest.raises(InputError, match="12 hours"):
        climate_refuges(raster(np.ones(GRID.shape)), air(BLOCKS, hours=24)[:12], GRID, RefugeParams())
    with pytest.raises(InputError, match="no cell has air"):
        of(np.full((2, 2), np.nan))


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 6.0))
def test_a_warmer_climate_adds_no_refuge_under_one_limit_and_changes_none_without(seed: int, warmer: float) -> None:
    blocks = 30.0 + np.random.default_rng(seed).random((2, 2))
    today, later = of(blocks, limit=30.5), of(blocks + warmer, limit=30.5)
    assert later.refuge_area <= today.refuge_area
    # Beyond rounding of the mean, all that shifts alike stays alike.
    np.testing.assert_array_equal(of(blocks + round(warmer)).climate_refuge, of(blocks).climate_refuge)


def corners() -> list[float]:
    return [*ends(HABITAT_SUITABILITY)]


@pytest.mark.parametrize("value", corners())
def test_corners(value: float) -> None:
    found = of(np.full((2, 2), 30.0), np.full(GRID.shape, value))
    assert found.refuge_share in {0.0, 1.0}


def test_figure(figure: Callable[[str], Path]) -> None:
    draw = np.random.default_rng(8)
    grid = GeoBox.from_bbox((0, 0, 2000, 1200), crs="EPSG:32651", resolution=20.0)
    blocks = 34.0 + 8.0 * gaussian_filter(draw.normal(size=(12, 20)), 2.0)
    suits = (gaussian_filter(draw.normal(size=(60, 100)), 4.0) > 0.02).astype(float)
    axes = plt.figure(figsize=(9, 2.4), layout="constrained").subplots(1, 3)
    palette = ListedColormap([*code_colours("climate_refuge").values()])
    for axis, warmer in zip(axes, (0.0, 0.5, 1.0), strict=True):
        found = climate_refuges(raster(suits), air(blocks + warmer), grid, RefugeParams(limit=34.5))
        axis.imshow(found.climate_refuge, cmap=palette, vmin=0, vmax=2)
        axis.set_title(f"+{warmer:g} K: {found.refuge_share:.0%} of habitat", fontsize=10)
        axis.set_axis_off()
    plt.savefig(figure("biodiversity.climate_refuges"), dpi=110)
    plt.close("all")
