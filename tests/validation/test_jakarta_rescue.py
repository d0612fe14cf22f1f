"""Rescue times over Jakarta's 18 600 streets, held to a search over the file's own vertices without any of our code.

No file tells where stations stand: the inner point of each district stands for one. What is held is the network
and its times, not the city's rescue.
"""

import heapq
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.warp import Resampling, reproject
from scipy.spatial import cKDTree

from citybraid.core.factor import resolve
from citybraid.core.rows.land import RoadWord
from citybraid.core.streets.street_network import NetworkParams, disconnected
from citybraid.core.tables import read_table
from citybraid.resilience.rescue.drive_time import build_road_network, from_facilities, traversal_times
from citybraid.resilience.rescue.flooded_access import flooded_access
from citybraid.resilience.rescue.rescue_access import RescueAccess, rescue_access

pytestmark = pytest.mark.case("data/jakarta")
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
UTM, CELL = "EPSG:32748", 30.0
P = NetworkParams(crossings="apart")
DRY: dict[str, Any] = {name: resolve(name) for name in ("road_speed", "rescue_time_limit", "turnout_time")}


class City(NamedTuple):
    """Streets, stations, and the grid over both."""

    streets: gpd.GeoDataFrame
    stations: gpd.GeoDataFrame
    grid: GeoBox


@pytest.fixture(scope="module")
def city(cases: Path) -> City:
    folder = cases / "data/jakarta"
    roads = gpd.read_file(folder / "exposure/jakarta_roads.shp").to_crs(UTM)
    classes = {row.text: row.road_class for row in read_table(RoadWord)}
    streets = gpd.GeoDataFrame(
        {
            "road_class": [classes.get(word, "") for word in roads["TYPE"]],
            "one_way": [word if isinstance(word, str) else "" for word in roads["ONEWAY"]],
        },
        geometry=roads.geometry.to_numpy(), crs=UTM, index=[f"s{k}" for k in range(len(roads))],
    )  # fmt: skip
    districts = gpd.read_file(folder / "boundaries/kecamatan_jakarta.shp").set_crs(4326, allow_override=True)
    points = districts.to_crs(UTM).geometry.representative_point().to_numpy()
    stations = gpd.GeoDataFrame({"facility_kind": ["fire_station"] * len(points)}, geometry=points, crs=UTM)
    west, south, east, north = streets.total_bounds
    grid = GeoBox.from_bbox((west - 60, south - 60, east + 60, north + 60), crs=UTM, resolution=CELL)
    return City(streets, stations, grid)


@pytest.fixture(scope="module")
def dry(city: City) -> RescueAccess:
    return rescue_access(streets=city.streets, facilities=city.stations, grid=city.grid, p=P, **DRY)


Arcs = dict[int, list[tuple[int, float]]]


def vertices(city: City) -> tuple[Floats, Arcs]:
    """Return the vertices of the file and the minutes between neighbours; lines meet where they share one."""
    speed = DRY["road_speed"]
    number: dict[tuple[float, ...], int] = {}
    arcs: Arcs = {}
    for line, name, way in zip(city.streets.geometry, city.streets["road_class"], city.streets["one_way"], strict=True):
        driven = speed[name or "other"]
        if driven <= 0:
            continue
        nodes = [number.setdefault(point, len(number)) for point in line.coords]
        for at, (one, other) in enumerate(pairwise(nodes)):
            (x, y), (u, v) = line.coords[at], line.coords[at + 1]
            cost = ((x - u) ** 2 + (y - v) ** 2) ** 0.5 / (driven * 1000 / 60)
            arcs.setdefault(one, []).extend([(other, cost)] if way != "-1" else [])
            arcs.setdefault(other, []).extend([(one, cost)] if way != "yes" else [])
    return np.array(list(number)), arcs


def searched(arcs: Arcs, starts: Ints) -> Floats:
    """Return the minutes to each vertex from the nearest of the starts."""
    time = np.full(len(arcs), np.inf)
    heap = [(0.0, int(start)) for start in starts]
    while heap:
        spent, node = heapq.heappop(heap)
        if spent >= time[node]:
            continue
        time[node] = spent
        for other, cost in arcs[node]:
            if spent + cost < time[other]:
                heapq.heappush(heap, (spent + cost, other))
    return time


def test_times_over_the_streets_of_jakarta(city: City) -> None:
    """Every station moved to its nearest vertex, so that both searches start at one place.

    Where the end of a line lies on another between two vertices of it, ours meets it and theirs does not: ours is
    never longer, and shorter at a few junctions.
    """
    where, arcs = vertices(city)
    tree = cKDTree(where)
    starts = np.asarray(tree.query(shapely.get_coordinates(city.stations.geometry))[1])
    stations = city.stations.set_geometry(gpd.points_from_xy(*where[starts].T, crs=UTM))
    exact = NetworkParams(crossings="apart", tolerance=0.01)
    found = build_road_network(city.streets, stations, road_speed=DRY["road_speed"], grid=city.grid, p=exact)
    node = from_facilities(found, traversal_times(found, found.free).stretch, "fire_station")
    junction = shapely.get_coordinates(shapely.line_interpolate_point(found.net.lines[found.net.line], found.net.start))
    away, vertex = tree.query(junction)
    known = np.asarray(away) < 1e-3
    ours, theirs = node[found.net.tail[known]], searched(arcs, starts)[np.asarray(vertex)[known]]
    assert known.mean() > 0.99
    assert known.sum() > 40_000
    ours, theirs = ours[np.isfinite(theirs)], theirs[np.isfinite(theirs)]
    assert (ours <= theirs + 1e-5).all()
    assert (ours >= theirs - 1e-5).mean() > 0.98
    assert disconnected(found.net) < 0.05


def test_the_flood_of_jakarta_only_takes_away(city: City, dry: RescueAccess, cases: Path) -> None:
    with rasterio.open(cases / "data/jakarta/hazard/Flood_Current_Depth_Jakarta_geographic.asc") as source:
        values = source.read(1).astype(np.float32)
        values[values == source.nodata] = 0.0
        depth = np.zeros(city.grid.shape, np.float32)
        reproject(
            values, depth, src_transform=source.transform, src_crs="EPSG:4326", dst_transform=city.grid.affine,
            dst_crs=UTM, resampling=Resampling.nearest,
        )  # fmt: skip
    water = xr.DataArray(depth.astype(np.float64), dims=("y", "x"))
    found = flooded_access(
        max_depth=water, final_depth=0.0 * water, streets=city.streets, facilities=city.stations, grid=city.grid, p=P,
        flooded_road_speed=resolve("flooded_road_speed"), street_crossing=resolve("street_crossing"), **DRY,
    )  # fmt: skip
    before, peak = (np.nan_to_num(np.asarray(t), nan=np.inf) for t in (dry.fire_time, found.peak_fire_time))
    assert (peak >= before).all()
    np.testing.assert_array_equal(found.after_fire_time, dry.fire_time)
    assert 0.4 < np.isfinite(peak).sum() / np.isfinite(before).sum() < 0.8
    assert 0.3 < float(found.peak_fire_coverage.sum() / dry.fire_coverage.sum()) < 0.9
