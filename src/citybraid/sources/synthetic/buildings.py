"""Buildings of the synthetic town, from the character of each parcel."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from shapely import affinity
from shapely.geometry import Polygon

from citybraid.sources.synthetic.frame import generator
from citybraid.sources.synthetic.massing import Rows, bars, podium_and_towers
from citybraid.sources.synthetic.parcels import Parcel

YEARS = {"old": (1978, 1999), "grown": (2001, 2014), "new": (2013, 2023), "planned": (2019, 2024)}
"""First and last year of completion by era."""
STOREY = {
    "住宅": 3.0, "民居": 3.2, "办公": 4.0, "商业": 4.8, "旅馆": 3.6, "学校": 3.8, "医院": 4.2, "厂房": 8.0,
    "仓库": 9.0, "车站": 12.0, "公共建筑": 4.2, "公用设施": 4.5,
}  # fmt: skip
"""Storey height by use [m]."""


class Building(NamedTuple):
    """One building, in local metres, with its complete attributes (the written file has gaps)."""

    parcel: str
    shape: Polygon
    use: str
    floors: int
    height: float
    year: int


Mass = list[tuple[Polygon, str, float]]
"""Footprint, use, and weight of its floors against the parcel's other buildings."""


def _slabs(parcel: Parcel, random: np.random.Generator) -> Mass:
    towers = parcel.controls is not None and parcel.controls.floor_area_ratio >= HIGH_RISE_RATIO
    if towers:
        rows = Rows(depth=14.0, aisle=22.0, length=24.0, gap=11.0, setback=6.0)
    else:
        rows = Rows(depth=12.5, aisle=17.0 + 5.0 * float(random.random()), length=30.0, gap=8.0, setback=6.0)
    return [(bar, "住宅", 1.0) for bar in bars(parcel.shape, rows)]


def _walk_ups(parcel: Parcel, random: np.random.Generator) -> Mass:
    rows = Rows(depth=10.5, aisle=10.0 + 3.0 * float(random.random()), length=30.0, gap=6.0, setback=4.0)
    return [(bar, "住宅", 1.0) for bar in bars(parcel.shape, rows)]


def _villas(parcel: Parcel, _random: np.random.Generator) -> Mass:
    return [(bar, "住宅", 1.0) for bar in bars(parcel.shape, Rows(11.0, 11.0, 18.0, 6.0, 6.0))]


def _village(parcel: Parcel, random: np.random.Generator) -> Mass:
    mass: Mass = []
    for house in bars(parcel.shape, Rows(9.5, 5.0, 10.5, 3.5, 4.0)):
        if random.random() < DEMOLISHED:
            continue
        east, north, grow = random.random(3) - 0.5
        moved = affinity.translate(house, 2.0 * east, 2.6 * north)
        moved = affinity.scale(moved, 1.0 + 0.16 * grow, 1.0 - 0.16 * grow)
        mass.append((Polygon(np.round(np.asarray(moved.exterior.coords), 2)), "民居", 1.0))
    return mass


def _podium(use: str, tower_use: str, *, cover: float, towers: int, width: float) -> Callable[..., Mass]:
    def mass_of(parcel: Parcel, _random: np.random.Generator) -> Mass:
        low, high = podium_and_towers(parcel.shape, cover=cover, towers=towers, width=width)
        return [(piece, use, 0.0) for piece in low] + [(tower, tower_use, 1.0) for tower in high]

    return mass_of


def _rows(use: str, rows: Rows) -> Callable[..., Mass]:
    def mass_of(parcel: Parcel, _random: np.random.Generator) -> Mass:
        return [(bar, use, 1.0) for bar in bars(parcel.shape, rows)]

    return mass_of


def _campus(parcel: Parcel, _random: np.random.Generator) -> Mass:
    """Teaching bars on the eastern side; the western side is the sports field."""
    west, south, east, north = parcel.shape.bounds
    cut = west + 0.42 * (east - west)
    half = parcel.shape & Polygon([(cut, south), (east, south), (east, north), (cut, north)])
    if not isinstance(half, Polygon):
        return []
    return [(bar, "学校", 1.0) for bar in bars(half, Rows(13.0, 22.0, 48.0, 12.0, 7.0))]


MASSING: dict[str, Callable[..., Mass]] = {
    "070101": _villas,
    "070102": _slabs,
    "070103": _walk_ups,
    "0703": _village,
    "0702": _podium("公共建筑", "公共建筑", cover=0.36, towers=0, width=20.0),
    "0801": _podium("办公", "办公", cover=0.26, towers=1, width=30.0),
    "0803": _podium("公共建筑", "公共建筑", cover=0.34, towers=0, width=20.0),
    "080403": _campus,
    "080404": _rows("学校", Rows(12.0, 18.0, 36.0, 10.0, 8.0)),
    "0805": _podium("公共建筑", "公共建筑", cover=0.30, towers=0, width=20.0),
    "080601": _podium("医院", "医院", cover=0.28, towers=1, width=34.0),
    "080701": _rows("公共建筑", Rows(14.0, 20.0, 44.0, 12.0, 8.0)),
    "090101": _podium("商业", "商业", cover=0.42, towers=0, width=20.0),
    "090104": _podium("商业", "旅馆", cover=0.34, towers=1, width=30.0),
    "0902": _podium("商业", "办公", cover=0.40, towers=2, width=32.0),
    "100101": _rows("厂房", Rows(34.0, 12.0, 56.0, 12.0, 7.0)),
    "110101": _rows("仓库", Rows(40.0, 16.0, 70.0, 16.0, 8.0)),
    "120801": _podium("车站", "车站", cover=0.52, towers=0, width=20.0),
    "120802": _podium("公共建筑", "公共建筑", cover=0.22, towers=0, width=20.0),
    "120803": _podium("公共建筑", "公共建筑", cover=0.32, towers=0, width=20.0),
    "1302": _podium("公用设施", "公用设施", cover=0.12, towers=0, width=20.0),
    "1303": _podium("公用设施", "公用设施", cover=0.28, towers=0, width=20.0),
    "1310": _podium("公共建筑", "公共建筑", cover=0.28, towers=0, width=20.0),
}
"""Massing function by land use."""

PODIUM_FLOORS = 4
HIGH_RISE_RATIO = 2.3
"""Floor area ratio from which housing stands as towers."""
DEMOLISHED = 0.04
"""Share of a village's houses that were demolished."""
LOW = 3.0
"""Mean storeys up to which all buildings of a parcel have the same height."""
OVERBUILT = 0.09
"""Share of built parcels that exceed their floor area ratio, so that checks have something to detect."""


def _floors(parcel: Parcel, mass: Mass, random: np.random.Generator) -> list[int]:
    """Storeys of each footprint, so that the parcel comes near its permitted floor area."""
    if parcel.controls is None:
        return [1 for _ in mass]
    fill = 0.84 + 0.15 * float(random.random())
    over = random.random() < OVERBUILT
    floor_area = parcel.controls.floor_area_ratio * parcel.shape.area * (1.32 if over else fill)
    low = [PODIUM_FLOORS if weight == 0.0 and any(w > 0.0 for _, _, w in mass) else 0 for _, _, weight in mass]
    rest = floor_area - sum(n * shape.area for n, (shape, _, _) in zip(low, mass, strict=True))
    free = sum(shape.area for n, (shape, _, _) in zip(low, mass, strict=True) if n == 0)
    mean = max(1.0, rest / free) if free > 0.0 else 1.0
    storeys: list[int] = []
    for fixed, (_, use, _) in zip(low, mass, strict=True):
        highest = max(1, math.floor(parcel.controls.height_limit / STOREY[use])) + (3 if over else 0)
        sway = 1.0 + 0.2 * (float(random.random()) - 0.5)
        storeys.append(fixed or max(1, min(highest, round(mean * sway) if mean > LOW else round(mean))))
    return storeys


def buildings(seed: int, parcels: tuple[Parcel, ...]) -> tuple[Building, ...]:
    """Every building of the built parcels."""
    result: list[Building] = []
    for number, parcel in enumerate(parcels):
        if not parcel.built or parcel.code not in MASSING:
            continue
        random = generator(seed, 1000 + number)
        mass = MASSING[parcel.code](parcel, random)
        first, last = YEARS[parcel.era]
        year = first + int((last - first) * float(random.random()))
        for (shape, use, _), floors in zip(mass, _floors(parcel, mass, random), strict=True):
            built = year + int(4 * float(random.random())) if use == "民居" else year
            result.append(Building(parcel.number, shape, use, floors, round(floors * STOREY[use] + 0.8, 1), built))
    return tuple(result)
