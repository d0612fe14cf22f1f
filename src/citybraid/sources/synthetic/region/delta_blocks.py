"""Groups of buildings of the synthetic delta: one row for all buildings of a cell and use, as slabs side by side."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, box

from citybraid.sources.synthetic.region.canvas import Canvas, seeded
from citybraid.sources.synthetic.region.delta_land import FLATS, VILLAGE, Land
from citybraid.sources.synthetic.region.jurisdictions import Town

HOME, COTTAGE = 42.0, 58.0
"""Floor area per resident of flats and of village houses [m2]: assumed, as for the synthetic town."""
RURAL = 0.15
"""Share of residents in villages: assumed."""
STOREY = {"residential": 3.0, "industrial": 6.0, "office": 3.8, "retail": 4.5, "school": 3.8, "public": 4.0}
"""Height of a storey [m]: assumed."""


class Kind(NamedTuple):
    """How a use is built: assumed."""

    uses: tuple[str, ...]
    """Archetypes that its cells take in turn."""
    ratio: float
    """Floor area over land [-]; homes follow from residents instead."""
    floors: tuple[int, int]
    slab: tuple[float, float]
    """Sides of a slab [m]."""
    since: tuple[int, int]


KINDS = {
    FLATS: Kind(("residential",), 0.0, (6, 18), (60.0, 15.0), (1988, 2022)),
    VILLAGE: Kind(("residential",), 0.0, (3, 3), (60.0, 12.0), (1985, 2015)),
    "100101": Kind(("industrial",), 0.45, (2, 3), (110.0, 50.0), (1995, 2022)),
    "090101": Kind(("office", "retail"), 0.8, (5, 12), (60.0, 30.0), (1998, 2022)),
    "080403": Kind(("school", "public"), 0.4, (4, 5), (70.0, 20.0), (1990, 2022)),
}


SPREAD = 440.0
"""Side of the square that the buildings of a cell are spread over [m]."""
WHOLE = 260.0
"""Distance from a town's border at which all of a cell's buildings lie in it [m]: cells nearer stay empty."""
APART = 1.1
"""Least distance between the beginnings of two slabs over their length [-]."""


class Built(NamedTuple):
    """All buildings of a cell."""

    shape: MultiPolygon
    use: str
    floors: int
    height: float
    year: int
    floor_area: float


class Groups(NamedTuple):
    """The groups, and the jurisdiction of each."""

    built: list[Built]
    jurisdiction: list[str]


def groups(seed: int, canvas: Canvas, land_of: Land, towns: Sequence[Town]) -> Groups:
    """Return the groups of each town; homes hold its residents."""
    random = seeded(seed, 60)
    x, y = canvas.centres()
    groups_made = Groups([], [])
    for town in towns:
        own, whole = (np.asarray(shapely.contains_xy(shape, x, y)) for shape in (town.shape, town.shape.buffer(-WHOLE)))
        for code, kind in KINDS.items():
            here = land_of.use == code
            cells = np.argwhere(here & whole) if (here & whole).any() else np.argwhere(here & own)
            if not len(cells):
                continue
            areas = _floor_areas(town, code, len(cells), random, canvas)
            for k, ((row, column), area) in enumerate(zip(cells, areas, strict=True)):
                middle = (float(x[row, column]), float(y[row, column]))
                groups_made.built.append(_group(kind, kind.uses[k % len(kind.uses)], middle, area, random))
                groups_made.jurisdiction.append(town.jurisdiction)
    return groups_made


def _floor_areas(town: Town, code: str, count: int, random: np.random.Generator, canvas: Canvas) -> list[float]:
    """Return the floor area of each of a town's cells of a use [m2]."""
    weights = random.uniform(0.6, 1.4, count)
    weights /= weights.sum()
    if code == VILLAGE:
        return list(weights * town.residents * RURAL * COTTAGE)
    if code == FLATS:
        return list(weights * town.residents * (1 - RURAL) * HOME)
    return list(weights * count * KINDS[code].ratio * canvas.cell**2)


def _group(kind: Kind, use: str, middle: tuple[float, float], area: float, random: np.random.Generator) -> Built:
    """Return the slabs of a cell, evenly spread over it, that hold a floor area in all."""
    floors = int(random.integers(kind.floors[0], kind.floors[1] + 1))
    length, depth = kind.slab
    count = max(1, round(area / floors / (length * depth)))
    across = min(count, int(SPREAD // (length * APART)))
    down = -(-count // across)
    wide = min(length, SPREAD / across / APART)
    deep = area / floors / count / wide
    slabs = []
    for k in range(count):
        west = middle[0] - SPREAD / 2 + (k % across) * SPREAD / across
        south = middle[1] - SPREAD / 2 + (k // across) * SPREAD / down
        slabs.append(box(west, south, west + wide, south + deep))
    year = int(random.integers(kind.since[0], kind.since[1] + 1))
    return Built(MultiPolygon(slabs), use, floors, round(floors * STOREY[use], 1), year, round(area, 1))
