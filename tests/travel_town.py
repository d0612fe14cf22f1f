"""A made-up town for tests of travel: a grid of streets, homes, offices, schools and shops; no real place."""

from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString, Point, box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.travel.travel import Demand, Fleet, Network, TravelParams

CRS = "EPSG:4549"
REGION = "CN-ZJ"


def group(kind: type[Any]) -> Any:
    """Return a group of factors as shipped."""
    return kind(*(resolve(name, region=REGION, year=2025) for name in kind._fields))


def factors() -> dict[str, Any]:
    """Return the groups of factors of the travel model."""
    return {"roads": group(Network), "demand": group(Demand), "fleet": group(Fleet)}


def streets(*, blocks: int = 10, side: float = 200.0) -> gpd.GeoDataFrame:
    """Return streets every 200 m, every fifth an arterial that leaves the town."""
    extent = blocks * side
    lines, classes = [], []
    for number in range(blocks + 1):
        at, main = number * side, number % 5 == 0
        ends = (-30.0, extent + 30.0) if main else (0.0, extent)
        lines += [LineString([(ends[0], at), (ends[1], at)]), LineString([(at, ends[0]), (at, ends[1])])]
        classes += ["primary" if main else "tertiary"] * 2
    names = [f"s{number}" for number in range(len(lines))]
    return gpd.GeoDataFrame({"road_class": classes}, geometry=lines, index=names, crs=CRS)


def buildings(*, blocks: int = 10, side: float = 200.0, people: float = 400.0) -> gpd.GeoDataFrame:
    """Return a building in each block: mostly homes, offices in the middle, schools and shops spread."""
    rows = []
    for row in range(blocks):
        for column in range(blocks):
            use = "residential"
            if max(abs(row - blocks // 2), abs(column - blocks // 2)) <= 1:
                use = "office"
            elif (row * blocks + column) % 7 == 0:
                use = "retail" if row % 2 else "school"
            rows.append((use, box(column * side + 60, row * side + 60, column * side + 140, row * side + 140)))
    uses = [use for use, _ in rows]
    table = {
        "building_use": uses, "floor_area": 16_000.0, "residents": [people * (use == "residential") for use in uses],
    }  # fmt: skip
    names = [f"b{number}" for number in range(len(rows))]
    return gpd.GeoDataFrame(table, geometry=[shape for _, shape in rows], index=names, crs=CRS)


def station(x: float, y: float, *, kind: str = "metro", headway: float = 4.0) -> gpd.GeoDataFrame:
    """Return one stop."""
    table = {"stop_kind": [kind], "headway": np.array([headway])}
    return gpd.GeoDataFrame(table, geometry=[Point(x, y)], index=["m1"], crs=CRS)


def town(**changed: Any) -> dict[str, Any]:
    """Return all inputs of the travel model."""
    return {"buildings": buildings(), "streets": streets(), "p": TravelParams()} | factors() | changed
