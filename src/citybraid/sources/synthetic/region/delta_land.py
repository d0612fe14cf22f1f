"""Land of the synthetic delta: uses by cell whose totals are the published ones, parcels, control lines, ground."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.sources.synthetic.region.canvas import Canvas, Floats, Mask, highest, seeded
from citybraid.sources.synthetic.region.jurisdictions import DELTA, KM2, TOTAL, Town

Codes = NDArray[np.object_]

MU = 10_000 / 15
"""A mu [m2]."""
WATER_SHARE = 0.2038
"""Rivers and lakes: health check of the zone's plan for 2025 (jingjiribao.cn, 2026-03-04)."""
BUILT = (803.6 + 15.7) * KM2
"""Construction land today: the limit of 2035 and the 15.7 km2 by which the plan goes below today's."""
FOREST_SHARE = 0.086
"""Forest cover today (China Securities Journal, 2023-02-22)."""
PARK_EACH = 10.0
"""Park today [m2 per resident] (China Securities Journal, 2023-02-22)."""
CROPLAND = 76.9e4 * MU
"""Cultivated land: assumed, a little above the 76.60 ten thousand mu that the plan keeps."""
PONDS, WETLAND = 100.0 * KM2, 82.0 * KM2
"""Fish ponds and wetland: assumed; gardens and orchards take what is left."""
REDLINE, FARMLAND, BOUNDARY = 143.32 * KM2, 66.54e4 * MU, 647.6 * KM2
"""The three lines of the plan (State Council reply of 2023)."""
LAKE, RIVER, POND, MARSH, WOOD = "1702", "1701", "1704", "0505", "0301"
GARDEN, PADDY, PARK, VILLAGE, FLATS, STREET = "0201", "0101", "1401", "0703", "070102", "1207"
BUILT_SHARES = ((FLATS, 0.34), ("100101", 0.27), (STREET, 0.08), ("080403", 0.08), ("090101", 0.06))
"""Parts of construction land, the densest first, parks apart: assumed; villages (0703) take what is left."""
CONSTRUCTION = frozenset({*(code for code, _ in BUILT_SHARES), PARK, VILLAGE})
COVER = {
    LAKE: ((80, 1.0),), RIVER: ((80, 1.0),), POND: ((80, 1.0),), MARSH: ((90, 1.0),), WOOD: ((10, 1.0),),
    GARDEN: ((20, 1.0),), PADDY: ((40, 1.0),), PARK: ((10, 0.5), (30, 0.5)), STREET: ((51, 0.7), (30, 0.3)),
    FLATS: ((52, 0.24), (50, 0.38), (51, 0.08), (30, 0.18), (10, 0.12)),
    "080403": ((52, 0.22), (50, 0.40), (51, 0.08), (30, 0.20), (10, 0.10)),
    "090101": ((52, 0.40), (50, 0.40), (51, 0.08), (30, 0.12)),
    "100101": ((52, 0.42), (50, 0.40), (51, 0.06), (30, 0.12)), VILLAGE: ((52, 0.24), (50, 0.26), (40, 0.3), (10, 0.2)),
}  # fmt: skip
"""Shares of land cover of each use: assumed."""
PARTS = 5
"""Cells of land cover along the side of a cell of land use."""


class Land(NamedTuple):
    """The land use of every cell, and how central it is."""

    use: Codes
    central: Floats


class Wanted(NamedTuple):
    """Areas of a jurisdiction [m2]: construction land, parks in it, a cell."""

    built: float
    park: float
    cell: float


class Parcels(NamedTuple):
    """Parcels: connected cells of one use within a town."""

    shapes: list[BaseGeometry]
    use: list[str]
    jurisdiction: list[str]


def land(seed: int, canvas: Canvas, shapes: Mapping[str, Polygon], towns: Sequence[Town]) -> Land:
    """Return land uses whose totals are those published for the zone; where each lies is invented."""
    random, cell = seeded(seed, 20), canvas.cell**2
    free = np.ones(canvas.shape, bool)
    use = np.full(canvas.shape, GARDEN, dtype=object)
    central = _central(canvas, towns) + 0.35 * canvas.noise(random, 1500.0)

    def give(code: str, mask: Mask) -> None:
        use[mask & free] = code
        free[mask] = False

    lakes = highest(canvas.noise(random, 2200.0) + 0.3 * canvas.noise(random, 700.0) - 0.5 * central, free,
                    WATER_SHARE * TOTAL, cell)  # fmt: skip
    give(LAKE, lakes)
    residents = sum(each.residents for each in DELTA)
    for each in DELTA:
        own = canvas.inside(shapes[each.name]) & free
        area = BUILT * each.residents / residents
        built = highest(central, own, area, cell)
        _build(Land(use, central), built, Wanted(area, PARK_EACH * each.residents, cell), random)
        free &= ~built
    _settle(use, central, canvas, towns)
    free &= ~np.isin(use, tuple(CONSTRUCTION))
    near = np.asarray(ndimage.gaussian_filter(lakes.astype(float), 3.0))
    give(MARSH, highest(near + 0.1 * canvas.noise(random, 800.0), free, WETLAND, cell))
    give(POND, highest(near + 0.3 * canvas.noise(random, 800.0), free, PONDS, cell))
    give(WOOD, highest(canvas.noise(random, 900.0), free, FOREST_SHARE * TOTAL, cell))
    give(PADDY, highest(canvas.noise(random, 1200.0), free, CROPLAND, cell))
    return Land(use, central)


def _central(canvas: Canvas, towns: Sequence[Town]) -> Floats:
    """Return how near a cell lies to towns, the more the more people live there; 1 at most in a mean town's middle."""
    x, y = canvas.centres()
    mean = np.mean([town.residents for town in towns])
    centrality = np.zeros(canvas.shape)
    for town in towns:
        reach = 2800.0 * (town.residents / mean) ** 0.5
        middle = town.shape.centroid
        centrality += (
            np.exp(-((x - middle.x) ** 2 + (y - middle.y) ** 2) / (2 * reach**2)) * (town.residents / mean) ** 0.3
        )
    return centrality


def _build(land_of: Land, built: Mask, wanted: Wanted, random: np.random.Generator) -> None:
    """Give each built cell a use: town in the middle, villages at the rim, parks and others strewn between."""
    use, central = land_of
    area, park, cell = wanted
    left = built.copy()
    score = central + 0.25 * random.standard_normal(central.shape)
    parks = highest(score + 0.4 * random.standard_normal(central.shape), left, park, cell)
    use[parks], left = PARK, left & ~parks
    for code, share in BUILT_SHARES:
        bias = 0.5 if code in (FLATS, "090101") else 0.0
        chosen = highest(bias * score + 0.3 * random.standard_normal(central.shape), left, share * area, cell)
        use[chosen], left = code, left & ~chosen
    use[left] = VILLAGE


def _settle(use: Codes, central: Floats, canvas: Canvas, towns: Sequence[Town]) -> None:
    """Give each town a cell of flats and one of a village where it has none: its most central dry ones, built first."""
    built = np.isin(use, tuple(CONSTRUCTION))
    for town in towns:
        own = canvas.inside(town.shape) & (use != LAKE)
        ranked = np.argsort(np.where(own, -central - 100.0 * built, np.inf), axis=None, kind="stable")
        for code, at in ((FLATS, ranked[0]), (VILLAGE, ranked[1])):
            if not (own & (use == code)).any():
                use.flat[at] = code


def parcels(canvas: Canvas, land_of: Land, towns: Sequence[Town]) -> Parcels:
    """Return the connected cells of each use within each town, cut at the town's border."""
    squares, uses = canvas.squares().ravel(), land_of.use.ravel()
    parcels_made = Parcels([], [], [])
    for town in towns:
        pieces = shapely.intersection(squares, town.shape)
        area = shapely.area(pieces)
        for code in sorted(set(uses)):
            whole = shapely.union_all(pieces[(uses == code) & (area > 1.0)], grid_size=0.01)
            for part in shapely.get_parts(whole):
                if part.area > 1.0:
                    parcels_made.shapes.append(part)
                    parcels_made.use.append(code)
                    parcels_made.jurisdiction.append(town.jurisdiction)
    return parcels_made


def control_lines(seed: int, canvas: Canvas, land_of: Land, towns: Sequence[Town]) -> Parcels:
    """Return redline, basic farmland and urban boundary with their published areas, cut at towns."""
    whole = shapely.union_all([town.shape for town in towns])
    random, cell = seeded(seed, 30), canvas.cell**2
    use = np.where(canvas.inside(whole.buffer(-canvas.cell)), land_of.use, "")
    wet = np.isin(use, (LAKE, MARSH, WOOD))
    redline = highest(np.asarray(ndimage.gaussian_filter(wet.astype(float), 2.0)), wet, REDLINE + cell, cell)
    farmland = highest(canvas.noise(random, 1500.0), use == PADDY, FARMLAND + cell, cell)
    urban = np.isin(use, tuple(CONSTRUCTION - {VILLAGE}))
    boundary = highest(land_of.central + 3.0 * urban, ~redline & ~farmland & ~np.isin(use, (LAKE, "")), BOUNDARY, cell)
    squares = canvas.squares().reshape(canvas.shape)
    lines = Parcels([], [], [])
    for name, mask in (("生态保护红线", redline), ("永久基本农田", farmland), ("城镇开发边界", boundary)):
        line = shapely.union_all(squares[mask], grid_size=0.01)
        for town in towns:
            part = line & town.shape
            if part.area > 1.0:
                lines.shapes.append(part)
                lines.use.append(name)
                lines.jurisdiction.append(town.jurisdiction)
    return lines


def cover(seed: int, canvas: Canvas, land_of: Land) -> NDArray[np.uint8]:
    """Return land cover on cells a fifth as wide: of each use its shares, strewn."""
    random = seeded(seed, 40)
    use = np.kron(np.unique(land_of.use, return_inverse=True)[1].reshape(canvas.shape), np.ones((PARTS, PARTS), int))
    drawn, cells = random.random(use.shape), np.zeros(use.shape, np.uint8)
    for at, code in enumerate(np.unique(land_of.use)):
        kinds, shares = zip(*COVER[code], strict=True)
        edges = np.cumsum(shares)[:-1]
        own = use == at
        cells[own] = np.asarray(kinds, np.uint8)[np.searchsorted(edges, drawn[own])]
    return cells


def ground(seed: int, canvas: Canvas, land_of: Land) -> NDArray[np.float32]:
    """Return ground levels [m]: a plain of 2 to 4 m, towns raised, lake beds below: assumed."""
    fine = canvas.finer(PARTS)
    built = np.isin(land_of.use, tuple(CONSTRUCTION)).astype(float)
    water = np.isin(land_of.use, (LAKE, POND)).astype(float)
    level = 2.6 + 0.3 * canvas.noise(seeded(seed, 50), 3000.0) + 0.9 * built - 1.8 * water
    smooth = ndimage.zoom(ndimage.gaussian_filter(level, 0.7), PARTS, order=1, mode="nearest", grid_mode=True)
    return np.asarray(smooth + 0.08 * fine.noise(seeded(seed, 51), 250.0), np.float32)
