"""Depth at buildings: read from the open cells around, water and other houses left out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import Polygon, box

from citybraid.resilience.damage.flood_depth import FloodDepthParams, flood_depth
from tests.district import district, raster

GRID = GeoBox.from_bbox((0, 0, 50, 50), crs="EPSG:32651", resolution=5)
MEAN, MOST = FloodDepthParams(), FloodDepthParams(statistic="max")


def table(*shapes: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), index=[f"b{i}" for i in range(len(shapes))], crs="EPSG:32651")


def depths(values: np.ndarray, buildings: gpd.GeoDataFrame, p: FloodDepthParams = MEAN, **more: Any) -> list[float]:
    found = flood_depth(max_depth=raster(values), buildings=buildings, grid=GRID, p=p, **more)
    return found.building_depth.tolist()


def test_reads_the_ring_and_not_the_dry_inside() -> None:
    values = np.full(GRID.shape, 0.4)
    values[4:6, 4:6] = 0.0  # blocked cells stay dry
    values[3, 3] = 2.0  # a corner of the ring of 12 cells
    house = table(box(20, 20, 30, 30))
    assert depths(values, house) == pytest.approx([(0.4 * 11 + 2.0) / 12])
    assert depths(values, house, MOST) == [2.0]


def test_leaves_out_canals_and_neighbours() -> None:
    values = np.full(GRID.shape, 0.2)
    cover = np.full(GRID.shape, 50)
    values[:, 6], cover[:, 6] = 3.0, 80
    values[3, 4] = 1.0  # under the neighbour
    houses = table(box(20, 20, 30, 30), box(20, 30, 30, 35))
    found = depths(values, houses, MOST, land_cover=xr.DataArray(cover, dims=("y", "x")))
    assert found == [0.2, 0.2]
    assert depths(values, houses, MOST) == [3.0, 3.0]


def test_looks_farther_where_all_around_is_closed() -> None:
    values = np.full(GRID.shape, 0.7)
    fraction = np.zeros(GRID.shape)
    fraction[2:8, 2:8] = 0.9
    house = table(box(20, 20, 30, 30))
    assert depths(values, house, building_fraction=raster(fraction)) == pytest.approx([0.7])
    near = FloodDepthParams(reach=1)
    assert np.isnan(depths(values, house, near, building_fraction=raster(fraction))[0])


def test_sheds_smaller_than_a_cell_count_and_those_off_the_grid_have_no_value() -> None:
    values = np.full(GRID.shape, 0.3)
    found = depths(values, table(box(11, 11, 12, 12), box(100, 100, 110, 110)))
    assert found[0] == pytest.approx(0.3)
    assert np.isnan(found[1])


def test_bent_footprints() -> None:
    ell = Polygon([(10, 10), (40, 10), (40, 20), (20, 20), (20, 40), (10, 40)])
    values = np.zeros(GRID.shape)
    values[5, 4] = 1.2  # in the inner corner
    assert depths(values, table(ell), MOST) == [1.2]


def test_figure(figure: Callable[[str], Path]) -> None:
    place = district(size=80, cell=5.0)
    up, right = np.meshgrid(np.arange(80)[::-1] * 5.0, np.arange(80) * 5.0, indexing="ij")
    water = np.clip(0.9 - np.hypot(right - 250, up - 210) / 220, 0, None)
    water[place.land_cover.to_numpy() == 52] = 0.0
    found = flood_depth(
        max_depth=raster(water), buildings=place.buildings, grid=place.grid, p=MEAN, land_cover=place.land_cover
    ).building_depth
    axes = plt.figure(figsize=(6.4, 5.2)).subplots()
    shown = axes.imshow(np.where(water > 0.01, water, np.nan), extent=(0, 400, 0, 400), cmap="Blues", vmin=0, vmax=1)
    drawn = place.buildings.assign(depth=found)
    drawn.plot(ax=axes, column="depth", cmap="Blues", vmin=0, vmax=1, edgecolor="black", linewidth=0.8)
    for shape, depth in zip(drawn.geometry, drawn["depth"], strict=True):
        axes.annotate(f"{depth:.2f}", shape.centroid.coords[0], ha="center", va="center", fontsize=7)
    axes.figure.colorbar(shown, ax=axes, label="depth [m]")
    axes.set(title="Depth at buildings: mean of the cells around", xlabel="m", ylabel="m")
    plt.savefig(figure("resilience.flood_depth"), dpi=110, bbox_inches="tight")
    plt.close("all")
    assert found.max() > 0.5
    assert found.min() < 0.3
