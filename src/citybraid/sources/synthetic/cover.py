"""Land cover and tree canopy of the synthetic town."""

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Point

from citybraid.sources.synthetic.buildings import Building
from citybraid.sources.synthetic.frame import CELL, generator, station_distance
from citybraid.sources.synthetic.parcels import Parcel
from citybraid.sources.synthetic.raster import Floats, Mask, distance, inside, rasterized, waves
from citybraid.sources.synthetic.streets import Street, street_surface
from citybraid.sources.synthetic.waters import Network

TREES, SHRUBS, GRASS, CROPLAND, PAVED, ROAD, ROOF, BARE, WATER, WETLAND = 10, 20, 30, 40, 50, 51, 52, 60, 80, 90
"""Codes of the vocabulary's land cover."""
TOO_LITTLE_GREEN = 0.22
"""Share of built parcels whose green falls short of the plan's green ratio."""
CORE = 420.0
"""Distance from the station within which streets have few trees [m]."""
GROVE, DENSE = 0.25, 0.8
"""Noise above which a park is wooded, and canopy from which planted ground counts as trees [-]."""
COURT = 3.0
"""Radius of a single tree's crown in a court or park [m]."""
CROWN = 2.7
"""Radius of a street tree's crown [m]."""


def _open_ground(parcel: Parcel) -> int:
    """Cover of a parcel before buildings and planting."""
    fixed = {"0101": CROPLAND, "1401": GRASS, "1402": SHRUBS, "1403": PAVED, "1201": BARE, "16": GRASS, "1701": WATER}
    if parcel.code in fixed:
        return fixed[parcel.code]
    if parcel.built:
        return PAVED
    return (BARE, GRASS, CROPLAND)[sum(map(ord, parcel.number)) % 3]


def _planted(
    numbers: NDArray[np.int32], away: Floats, parcels: tuple[Parcel, ...], random: np.random.Generator
) -> Mask:
    """Planted pixels of built parcels: those farthest from walls and lanes, up to the parcel's green ratio."""
    order = np.argsort(numbers, axis=None, kind="stable")
    edges = np.searchsorted(numbers.ravel()[order], np.arange(1, len(parcels) + 2))
    planted = np.zeros(numbers.size, bool)
    flat = away.ravel()
    for k, parcel in enumerate(parcels):
        chance, amount = random.random(2)
        if not parcel.built or parcel.controls is None:
            continue
        share = parcel.controls.green_ratio + 0.01 + 0.03 * float(amount)
        if parcel.era == "old" or chance < TOO_LITTLE_GREEN:
            share = parcel.controls.green_ratio * (0.35 + 0.4 * float(amount))
        cells = order[edges[k] : edges[k + 1]]
        count = round(share * parcel.shape.area / CELL**2)
        best = cells[np.argsort(-flat[cells], kind="stable")][:count]
        planted[best[flat[best] > 0.0]] = True
    return planted.reshape(numbers.shape)


def land_cover(
    seed: int, parcels: tuple[Parcel, ...], buildings: tuple[Building, ...], pieces: tuple[Street, ...], ground: Network
) -> NDArray[np.uint8]:
    """Land-cover codes: the plan's open ground, planted pixels, roads, water, roofs."""
    numbers = rasterized((parcel.shape, k + 1) for k, parcel in enumerate(parcels))
    base = np.asarray([GRASS, *(_open_ground(parcel) for parcel in parcels)], np.uint8)[numbers]
    roofs = rasterized((building.shape, 1) for building in buildings) == 1
    clear = np.where(roofs, 0.0, distance(roofs)) + 1.6 * np.abs(waves(generator(seed, 31), 7.0))
    planted = _planted(numbers, np.where(roofs, 0.0, clear), parcels, generator(seed, 30))
    base[planted] = GRASS
    base[inside(street_surface(pieces))] = ROAD
    base[inside(ground.water) & (base != ROAD)] = WATER
    base[(distance(base == WATER) <= CELL) & (base == GRASS) & (numbers > 0)] = WETLAND
    base[roofs] = ROOF
    return base


def street_trees(seed: int, pieces: tuple[Street, ...]) -> list[list[Point]]:
    """Trees along both kerbs of each street; few in the dense core, where tree pits are sealed."""
    random = generator(seed, 42)
    trees_by_street: list[list[Point]] = []
    for piece in pieces:
        trees: list[Point] = []
        middle = piece.line.interpolate(0.5, normalized=True)
        density = 0.25 if station_distance(middle.x, middle.y) < CORE else 0.4 + 0.5 * float(random.random())
        for side in (1.0, -1.0):
            kerb = piece.line.offset_curve(side * (piece.width / 2 - 2.5))
            spots = np.arange(8.0, kerb.length - 8.0, 7.5)
            trees += [kerb.interpolate(float(at)) for at in spots if random.random() < density]
        trees_by_street.append(trees)
    return trees_by_street


def canopy(seed: int, cover: NDArray[np.uint8], parcels: tuple[Parcel, ...], trees: list[list[Point]]) -> Floats:
    """Tree canopy as a share of pixel area: street trees, groves in parks, single trees in courts."""
    random = generator(seed, 40)
    parks = rasterized((parcel.shape, 1) for parcel in parcels if parcel.code in ("1401", "1402")) == 1
    groves = waves(generator(seed, 41), 12.0)
    single = random.random(cover.shape) < np.where(np.isin(cover, (GRASS, SHRUBS)), 0.022, 0.0)
    crowns = rasterized((tree.buffer(CROWN, quad_segs=4), 1) for row in trees for tree in row) == 1
    share = np.zeros(cover.shape)
    share[np.isin(cover, (GRASS, SHRUBS)) & (distance(single) <= COURT)] = 0.7
    share[parks & (groves > GROVE) & (cover != WATER)] = 0.85
    share[crowns & (cover != ROOF) & (cover != WATER)] = DENSE
    return share


def with_trees(cover: NDArray[np.uint8], share: Floats) -> NDArray[np.uint8]:
    """Land cover with planted ground under dense canopy as trees; roads under trees stay roads."""
    return np.where((share >= DENSE) & np.isin(cover, (GRASS, SHRUBS)), np.uint8(TREES), cover)
