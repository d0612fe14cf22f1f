"""Lifelines of a made-up town: substations, kiosks, waterworks, regulators, masts, a hospital and drainage pumps."""

import itertools
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString, Point

from citybraid.core.errors import InputError
from citybraid.sources.synthetic.frame import EPSG, LABEL, ORIGIN, SIDE, generator
from citybraid.sources.synthetic.vectors import write_layer

SPACING = {"kiosk": 350, "regulator": 700, "mast": 600, "booster": 900, "pump": 800}
"""Distance between the components of a kind [m]: assumed."""
BATTERY, TANK, GENERATOR, EXCHANGE = 3.0, 4.0, 24.0, 12.0
"""Hours that masts, boosters, hospitals and exchanges work without power: assumed."""
CONTROL = 48.0
"""Hours that a substation is run by hand without its control line: assumed."""
BEDS = 500


class Component(NamedTuple):
    """A component: id, system, suppliers, place, reserves [h], height of its parts [m] and beds."""

    number: str
    system: str
    needs: tuple[str, ...]
    place: Point
    power: float = 0.0
    supply: float = 0.0
    height: float = float("nan")
    beds: float = float("nan")
    source: str = "否"


class Extent(NamedTuple):
    """A rectangle of the map [m]."""

    west: float
    south: float
    east: float
    north: float

    def at(self, across: float, up: float) -> Point:
        """Return the place at shares of the width and height."""
        return Point(self.west + across * (self.east - self.west), self.south + up * (self.north - self.south))


def write_lifelines(  # noqa: PLR0917  (options of a study file, by name)
    folder: Path, seed: int = 1, epsg: int = EPSG, west: int = int(ORIGIN[0]), south: int = int(ORIGIN[1]),
    east: int = int(ORIGIN[0] + SIDE), north: int = int(ORIGIN[1] + SIDE),
) -> tuple[Path, ...]:  # fmt: skip
    """Write made-up lifelines of a rectangle, and the links between them, and return the files.

    Two substations, the waterworks, a gas gate and an exchange feed kiosks, boosters, regulators and masts on lattices,
    by the nearest one of each kind; every third kiosk has both substations. The exchange needs power and the
    substations are run over the exchange: a cycle. No real network is used, and every row says so. Raises InputError
    for an extent without room.
    """
    extent = Extent(west, south, east, north)
    if min(east - west, north - south) < max(SPACING.values()):
        raise InputError("pilot.no_room", west=west, south=south, east=east, north=north)
    folder.mkdir(parents=True, exist_ok=True)
    table = components(extent, seed)
    frame = gpd.GeoDataFrame(
        {
            "编号": [each.number for each in table],
            "所属系统": [each.system for each in table],
            "外部接入": [each.source for each in table],
            "备用电源时长": [each.power for each in table],
            "储备时长": [each.supply for each in table],
            "设备离地高度": [each.height for each in table],
            "床位数": [each.beds for each in table],
            "备注": f"{LABEL}数据",
        },
        geometry=[each.place for each in table], crs=epsg,
    )  # fmt: skip
    place = {each.number: each.place for each in table}
    pairs = [(supplier, each.number) for each in table for supplier in each.needs]
    links = gpd.GeoDataFrame(
        {
            "编号": [f"GX{k:03d}" for k in range(1, len(pairs) + 1)],
            "起点设施": [one for one, _ in pairs],
            "终点设施": [two for _, two in pairs],
            "备注": f"{LABEL}数据",
        },
        geometry=[LineString([place[one], place[two]]) for one, two in pairs], crs=epsg,
    )  # fmt: skip
    return (
        write_layer(folder / f"生命线设施_{LABEL}.gpkg", frame),
        write_layer(folder / f"生命线管线_{LABEL}.gpkg", links),
    )


def components(extent: Extent, seed: int) -> tuple[Component, ...]:
    """Return the components of a rectangle: those that feed it, then those on lattices, each fed by the nearest."""
    random = generator(seed, 90)
    feeds = [
        Component("BD1", "变电站", ("TX0",), extent.at(0.15, 0.9), supply=CONTROL, height=1.2, source="是"),
        Component("BD2", "变电站", ("TX0",), extent.at(0.85, 0.1), supply=CONTROL, height=1.2, source="是"),
        Component("SC0", "水厂", ("BD1",), extent.at(0.05, 0.6), power=TANK, height=0.8, source="是"),
        Component("RQ0", "燃气", (), extent.at(0.95, 0.9), height=0.8, source="是"),
        Component("TX0", "通信机房", ("BD1", "BD2"), extent.at(0.5, 0.55), power=EXCHANGE, height=0.9, source="是"),
    ]
    made = [*feeds]
    kiosks: list[Component] = []
    for k, place in enumerate(_lattice(extent, SPACING["kiosk"], random)):
        near = _near(feeds[:2], place)
        needs: tuple[str, ...] = ("BD1", "BD2") if k % 3 == 0 else (near,)
        kiosks.append(Component(f"PD{k + 1:02d}", "配电房", needs, place, height=_height(random, 0.25, 0.7)))
    boosters = [
        Component(f"JY{k + 1:02d}", "供水", ("SC0", _near(kiosks, place)), place, power=1.0, supply=TANK,
                  height=_height(random, 0.3, 0.8))
        for k, place in enumerate(_lattice(extent, SPACING["booster"], random))
    ]  # fmt: skip
    regulators = [
        Component(f"TY{k + 1:02d}", "调压站", ("RQ0",), place, height=_height(random, 0.4, 1.0))
        for k, place in enumerate(_lattice(extent, SPACING["regulator"], random))
    ]
    masts = [
        Component(f"JZ{k + 1:02d}", "通信基站", ("TX0", _near(kiosks, place)), place, power=BATTERY,
                  height=_height(random, 0.4, 1.2))
        for k, place in enumerate(_lattice(extent, SPACING["mast"], random))
    ]  # fmt: skip
    pumps = [
        Component(f"PS{k + 1:02d}", "排水泵站", (_near(kiosks, place),), place, height=_height(random, 0.8, 1.5))
        for k, place in enumerate(_lattice(extent, SPACING["pump"], random))
    ]
    at = extent.at(0.4, 0.45)
    needs = (_near(kiosks, at), _near(boosters, at), _near(masts, at))
    hospital = Component("YY1", "医院", needs, at, power=GENERATOR, supply=TANK * 2, height=0.5, beds=BEDS)
    return (*made, *kiosks, *boosters, *regulators, *masts, *pumps, hospital)


def _lattice(extent: Extent, spacing: float, random: np.random.Generator) -> list[Point]:
    """Return places on a lattice of about a spacing, each moved by up to a fifth of it."""
    across = max(1, round((extent.east - extent.west) / spacing))
    up = max(1, round((extent.north - extent.south) / spacing))
    shift = 0.2 * spacing * (2.0 * random.random((across * up, 2)) - 1.0)
    cells = itertools.product(range(across), range(up))
    middles = [extent.at((i + 0.5) / across, (j + 0.5) / up) for i, j in cells]
    return [Point(each.x + dx, each.y + dy) for each, (dx, dy) in zip(middles, shift, strict=True)]


def _near(table: list[Component], place: Point) -> str:
    return min(table, key=lambda each: each.place.distance(place)).number


def _height(random: np.random.Generator, low: float, high: float) -> float:
    return round(float(random.uniform(low, high)), 2)
