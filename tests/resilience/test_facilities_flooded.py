"""Facilities flooded: points and footprints, at the threshold, off the grid, and inside other houses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from odc.geo.geobox import GeoBox
from shapely.geometry import Point, box

from citybraid.resilience.damage.facilities_flooded import (
    FacilitiesFlooded,
    FacilitiesFloodedParams,
    facilities_flooded,
)
from tests.district import raster

GRID = GeoBox.from_bbox((0, 0, 50, 50), crs="EPSG:32651", resolution=5)


def flooded(
    values: np.ndarray, *shapes: Any, p: FacilitiesFloodedParams | None = None, **more: Any
) -> FacilitiesFlooded:
    table = gpd.GeoDataFrame(
        {"facility_kind": ["hospital"] * len(shapes)},
        geometry=list(shapes),
        index=[f"f{i}" for i in range(len(shapes))],
        crs="EPSG:32651",
    )
    told = p or FacilitiesFloodedParams()
    return facilities_flooded(max_depth=raster(values), facilities=table, grid=GRID, p=told, **more)


def test_a_point_is_read_from_its_own_cell() -> None:
    values = np.zeros(GRID.shape)
    values[2, 3] = 0.15
    found = flooded(values, Point(17, 37), Point(22, 37), Point(900, 0))
    assert found.facility_depth.tolist()[:2] == [0.15, 0.0]
    assert found.facility_flooded.tolist()[:2] == [1.0, 0.0]
    assert np.isnan(found.facility_flooded.iloc[2])


def test_a_point_inside_a_house_is_read_from_outside_it() -> None:
    values = np.full(GRID.shape, 0.6)
    fraction = np.zeros(GRID.shape)
    values[4:6, 4:6], fraction[4:6, 4:6] = 0.0, 1.0
    assert flooded(values, Point(22, 27)).facility_depth.iloc[0] == 0.0
    found = flooded(values, Point(22, 27), building_fraction=raster(fraction))
    assert found.facility_depth.iloc[0] == pytest.approx(0.6)


def test_a_footprint_is_read_like_a_building() -> None:
    values = np.full(GRID.shape, 0.4)
    values[4:6, 4:6] = 0.0
    found = flooded(values, box(20, 20, 30, 30), p=FacilitiesFloodedParams(threshold=0.5))
    assert found.facility_depth.tolist() == pytest.approx([0.4])
    assert found.facility_flooded.tolist() == [0.0]


def test_figure(figure: Callable[[str], Path]) -> None:
    row, column = np.indices(GRID.shape)
    values = np.maximum(0.9 - 0.03 * ((row - 5) ** 2 + (column - 3) ** 2), 0.0)
    at = [(7, 41), (12, 22), (24, 24), (33, 9), (43, 30), (18, 33)]
    found = flooded(values, *(Point(x, y) for x, y in at))
    assert 0 < found.facility_flooded.sum() < len(at)
    figure_, axes = plt.subplots(figsize=(5.4, 4.4))
    shown = axes.imshow(np.where(values > 0, values, np.nan), extent=(0, 50, 0, 50), cmap="Blues", vmin=0, vmax=1)
    for (x, y), depth, wet in zip(at, found.facility_depth, found.facility_flooded, strict=True):
        axes.plot(x, y, "o", color="#c0392b" if wet else "#2e7d4f", markersize=8, markeredgecolor="white")
        axes.annotate(f"{depth:.2f} m", (x, y), (6, 6), textcoords="offset points", fontsize=9)
    figure_.colorbar(shown, label="greatest depth [m]")
    axes.set(xlabel="x [m]", ylabel="y [m]", title="Facilities: red from 0.15 m on, green below")
    plt.savefig(figure("resilience.facilities_flooded"), dpi=110, bbox_inches="tight")
    plt.close("all")
