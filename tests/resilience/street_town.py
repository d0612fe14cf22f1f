"""Made-up streets for tests and figures: single lines, and a town of 2 km around a hollow."""

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from citybraid.core.factor import resolve
from citybraid.resilience.flood.depth_course import on_axes

CRS = "EPSG:32651"
FACTS: dict[str, Any] = {
    name: resolve(name)
    for name in ("road_speed", "rescue_time_limit", "turnout_time", "flooded_road_speed", "street_crossing")
}
DRY: dict[str, Any] = {name: FACTS[name] for name in ("road_speed", "rescue_time_limit", "turnout_time")}
"""The factors of dry driving."""


def streets(*lines: BaseGeometry | None, **columns: list[Any]) -> gpd.GeoDataFrame:
    """Return a table of streets s0, s1, ..."""
    return gpd.GeoDataFrame(columns, geometry=list(lines), index=[f"s{i}" for i in range(len(lines))], crs=CRS)


def facilities(**places: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    """Return a table of facilities, points by kind."""
    kinds = [kind for kind, points in places.items() for _ in points]
    points = [Point(point) for found in places.values() for point in found]
    return gpd.GeoDataFrame(
        {"facility_kind": kinds}, geometry=points, index=[f"f{i}" for i in range(len(points))], crs=CRS
    )


def raster(values: np.ndarray) -> xr.DataArray:
    """Return values as a raster."""
    return xr.DataArray(np.asarray(values, dtype=np.float64), dims=("y", "x"))


def grid(width: float, height: float, cell: float = 10.0) -> GeoBox:
    """Return a grid whose lower left corner is the origin."""
    return GeoBox.from_bbox((0, 0, width, height), crs=CRS, resolution=cell)


def course(there: GeoBox, shares: list[float], depth: xr.DataArray, *, step: float) -> xr.DataArray:
    """Return the course of an event [mm] whose depth is these shares of a depth [m], a step [h] apart."""
    known = depth.to_numpy()
    whole = np.floor(np.asarray(shares)[:, None, None] * known * 1000.0 + 1e-6)
    depths = np.where(np.isfinite(whole), np.clip(whole, 0, 30_000), -1).astype(np.int16)
    return on_axes(depths, step * np.arange(len(shares)), there)


class Town(NamedTuple):
    """Its grid, streets, stations, houses, and the depths of an event at its peak and end."""

    grid: GeoBox
    streets: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    peak: xr.DataArray
    final: xr.DataArray


def town(cell: float = 10.0) -> Town:
    """Return the town: lanes every 100 m, arterials every 500 m, a river with two bridges, a flooded hollow."""
    lines, classes, bridge = [], [], []
    for k in range(21):
        at = 100.0 * k
        kind = "primary" if k % 5 == 0 else "tertiary" if k % 5 == 2 else "residential"
        for start, end in ((0.0, 900.0), (960.0, 2000.0)):
            lines.append(LineString([(at, start), (at, end)]))
            classes.append(kind)
            bridge.append("")
        lines.append(LineString([(0.0, at), (2000.0, at)]))
        classes.append(kind)
        bridge.append("")
        if k in (5, 15):
            lines.append(LineString([(at, 900.0), (at, 960.0)]))
            classes.append(kind)
            bridge.append("yes")
    there = grid(2000, 2000, cell)
    step = (np.arange(there.shape[0]) + 0.5) * cell
    up, right = np.meshgrid(step[::-1], step, indexing="ij")
    hollow = np.clip(1.1 - np.hypot(right - 1350, up - 1480) / 480, 0, None)
    south = np.clip(0.5 - np.hypot(right - 480, up - 420) / 420, 0, None)
    river = np.where(abs(up - 930) < 25, 3.0, 0.0)
    houses = [box(x + 20, y + 20, x + 60, y + 60) for x in range(0, 2000, 100) for y in range(0, 2000, 100) if y != 900]
    buildings = gpd.GeoDataFrame(geometry=houses, index=[f"b{i}" for i in range(len(houses))], crs=CRS)
    buildings["residents"] = pd.Series(60.0, index=buildings.index)
    return Town(
        grid=there,
        streets=streets(*lines, road_class=classes, bridge=bridge),
        facilities=facilities(fire_station=[(300, 320), (1620, 1700)], hospital=[(520, 1310)]),
        buildings=buildings,
        peak=raster(np.maximum(hollow + south, river)),
        final=raster(np.maximum(np.clip(hollow - 0.45, 0, None), river)),
    )


def small() -> Town:
    """Return a few streets of several classes on 400 m × 300 m, a pond across the longest."""
    lines = [
        LineString([(5, 25), (395, 25)]), LineString([(5, 145), (210, 145), (395, 150)]),
        LineString([(5, 25), (5, 145)]), LineString([(395, 25), (395, 280)]),
        LineString([(200, 5), (205, 280)]), LineString([(20, 240), (120, 250)]),
    ]  # fmt: skip
    table = streets(
        *lines, road_class=["primary", "tertiary", "secondary", "motorway", "residential", ""],
        one_way=["", "yes", "", "", "-1", ""], speed_limit=[np.nan, 35.0, np.nan, np.nan, np.nan, np.nan],
    )  # fmt: skip
    there = grid(400, 300, 20.0)
    up, right = np.meshgrid(np.arange(15)[::-1] * 20 + 10, np.arange(20) * 20 + 10, indexing="ij")
    pond = np.clip(0.5 - np.hypot(right - 290, up - 140) / 150, 0, None)
    return Town(
        there, table, facilities(fire_station=[(60, 40)], hospital=[(200, 150), (900, 900)]),
        gpd.GeoDataFrame({"residents": []}, geometry=[], crs=CRS), raster(pond), raster(0.6 * pond),
    )  # fmt: skip
