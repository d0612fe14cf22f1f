"""Groups of buildings of the synthetic delta: one row for all buildings of a cell and use, as slabs side by side."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, box

from citybraid.sources.synthetic.region.canvas import Canvas, seeded
from citybraid.sources.synthetic.region.delta_land import VILLAGE, Land
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
    "070102": Kind(("residential",), 0.0, (6, 18), (60.0, 15.0), (1988, 2022)),
    VILLAGE: Kind(("residential",), 0.0, (3, 3), (60.0, 12.0), (1985, 2015)),
    "100101": Kind(("industrial",), 0.45, (2, 3), (110.0, 50.0), (1995, 2022)),
    "090101": Kind(("office", "retail"), 0.8, (5, 12), (60.0, 30.0), (1998, 2022)),
    "080403": Kind(("school", "public"), 0.4, (4, 5), (70.0, 20.0), (1990, 2022)),
}


class Group(NamedTuple):
    """All buildings of a cell."""

    shape: MultiPolygon
    use: str
    floors: int
    height: float
    year: int
    floor_area: float
    jurisdiction: str


def groups(seed: int, canvas: Canvas, land_of: Land, towns: Sequence[Town]) -> tuple[Group, ...]:
    """Return the groups of each town; homes hold its residents."""
    random = seeded(seed, 60)
    x, y = canvas.centres()
    found: list[Group] = []
    for town in towns:
        own = np.asarray(shapely.contains_xy(town.shape, x, y))
        for code, kind in KINDS.items():
            cells = np.argwhere(own & (land_of.use == code))
            if not len(cells):
                continue
            areas = _floor_areas(town, code, len(cells), random, canvas)
            for k, ((row, column), area) in enumerate(zip(cells, areas, strict=True)):
                middle = (float(x[row, column]), float(y[row, column]))
                found.append(_group(kind, kind.uses[k % len(kind.uses)], middle, area, town.jurisdiction, random))
    return tuple(found)


def _floor_areas(town: Town, code: str, count: int, random: np.random.Generator, canvas: Canvas) -> list[float]:
    """Return the floor area of each of a town's cells of a use [m2]."""
    weights = random.uniform(0.6, 1.4, count)
    weights /= weights.sum()
    if code == VILLAGE:
        return list(weights * town.residents * RURAL * COTTAGE)
    if code == "070102":
        return list(weights * town.residents * (1 - RURAL) * HOME)
    return list(weights * count * KINDS[code].ratio * canvas.cell**2)


def _group(
    kind: Kind, use: str, middle: tuple[float, float], area: float, jurisdiction: str, random: np.random.Generator
) -> Group:
    floors = int(random.integers(kind.floors[0], kind.floors[1] + 1))
    length, depth = kind.slab
    count = max(1, round(area / floors / (length * depth)))
    stretch = area / floors / (length * depth) / count
    across = int(np.ceil(np.sqrt(count * depth / length * 2)))
    step = 420.0 / max(across, int(np.ceil(count / across)), 1)
    slabs = []
    for k in range(count):
        at_x = middle[0] - 210.0 + (k % across) * 420.0 / across
        at_y = middle[1] - 210.0 + (k // across) * step
        slabs.append(box(at_x, at_y, at_x + length * stretch, at_y + depth))
    year = int(random.integers(kind.since[0], kind.since[1] + 1))
    shape = shapely.union_all(slabs)
    parts = [part for part in shapely.get_parts(shape)]
    return Group(MultiPolygon(parts), use, floors, round(floors * STOREY[use], 1), year,
                 round(float(shape.area) * floors, 1), jurisdiction)  # fmt: skip
