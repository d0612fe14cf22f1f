"""A quarter on a canvas: neighbourhoods within an outline, lanes between them, ground, cover and trees."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from shapely.geometry import GeometryCollection, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from citybraid.core.burning import rasterize
from citybraid.sources.repairs.filling.planning_units import equal_areas
from citybraid.sources.synthetic.cover import GRASS, PAVED, ROAD, TREES, WATER
from citybraid.sources.synthetic.region.canvas import Canvas, Floats, Mask, seeded

ROAD_RISE = 0.2
"""Streets above the plots beside them, raised each time they are paved [m]: assumed."""
RELIEF = 0.12
"""Standard deviation of the ground's slow rise and fall [m]: assumed."""
BED = 4.0
"""Bed of the river below the ground of the quarter [m]: assumed."""
LANES = (170.0, 130.0)
"""Spacing of streets and of lanes across them [m]: assumed, of the order of an inner-city block."""
WIDTHS = (14.0, 8.0)
"""Width of streets and of lanes [m]: assumed."""
PLANE_TREES = 0.65
"""Canopy over a street lined with plane trees [-]: assumed."""
UNLINED = -0.3
"""Noise below which a street has no plane trees [-]."""
CUTS = 40
"""Bisections of a cut."""
GROVE = 0.7
"""Canopy over planted courts [-]: assumed."""


class Neighbourhood(NamedTuple):
    """A part of the quarter and its own nature: how low its plots lie, how green they are."""

    number: str
    shape: BaseGeometry
    fill: float
    """Plots relative to the streets' old level [m]."""
    green: float
    """Share of its plots that is planted [-]."""


class Quarter(NamedTuple):
    """Rasters of a quarter, on one canvas."""

    ground: Floats
    """Bare ground [m]."""
    cover: NDArray[np.uint8]
    """Codes of land cover."""
    canopy: Floats
    """Tree canopy as a share of the cell [-]."""


def parts(outline: BaseGeometry, numbers: Sequence[str]) -> dict[str, BaseGeometry]:
    """Return one part of equal area for each number, from the north."""
    return dict(zip(numbers, equal_areas(outline, len(numbers)).values(), strict=True))


def weighted_parts(shape: BaseGeometry, weights: Mapping[str, float]) -> dict[str, BaseGeometry]:
    """Cut a shape by straight cuts across its longer side into parts whose areas are as the weights."""
    if isinstance(shape, GeometryCollection):  # a cut along an edge leaves a line
        shape = MultiPolygon([part for part in shape.geoms if isinstance(part, Polygon)])
    if len(weights) == 1:
        return dict.fromkeys(weights, shape)
    names = list(weights)
    first, second = ({name: weights[name] for name in half} for half in (names[: len(names) // 2],
                                                                         names[len(names) // 2 :]))  # fmt: skip
    wanted = shape.area * sum(first.values()) / sum(weights.values())
    west, south, east, north = shape.bounds
    across = east - west >= north - south
    low, high = (west, east) if across else (south, north)
    one = shape
    for _ in range(CUTS):
        at = 0.5 * (low + high)
        one = shape.intersection(box(west, south, at, north) if across else box(west, south, east, at))
        low, high = (at, high) if one.area < wanted else (low, at)
    return {**weighted_parts(one, first), **weighted_parts(shape.difference(one), second)}


def quarter(
    canvas: Canvas, neighbourhoods: Sequence[Neighbourhood], *, seed: int, level: float, turn: float,
    river: BaseGeometry | None = None,
) -> Quarter:  # fmt: skip
    """Draw a quarter whose plain lies at `level` [m] and whose streets run at `turn` [rad] from east.

    Plots lie at their neighbourhood's fill, streets above them; planted ground lies where noise is high, up to the
    neighbourhood's share. What lies outside all neighbourhoods is paved at the level of the plain.
    """
    random = seeded(seed, 1)
    burnt = rasterize(
        [(each.shape, at) for at, each in enumerate(neighbourhoods, 1)],
        out_shape=canvas.shape, transform=canvas.transform, dtype="int32",
    )  # fmt: skip
    within = np.asarray(burnt, np.int32)
    streets, lanes = _streets(canvas, turn)
    roads = streets | lanes
    fill = np.array([0.0, *(each.fill for each in neighbourhoods)])[within]
    plots = ndimage.gaussian_filter(np.where(roads, ROAD_RISE, fill), 1.0)
    ground = level + RELIEF * canvas.noise(random, 150.0) + plots + 0.02 * canvas.noise(random, 2 * canvas.cell)
    planted = _planted(canvas.noise(random, 25.0), within, roads, [each.green for each in neighbourhoods])
    canopy = np.where(planted & (canvas.noise(random, 12.0) > 0.0), GROVE, 0.0)
    lined = streets & (canvas.noise(random, 200.0) > UNLINED)
    canopy = np.where(lined, PLANE_TREES, canopy)
    cover = np.select([roads, planted & (canopy > 0.0), planted], [ROAD, TREES, GRASS], PAVED).astype(np.uint8)
    if river is not None:
        water = canvas.inside(river)
        ground = np.where(water, level - BED, ground)
        cover, canopy = np.where(water, np.uint8(WATER), cover), np.where(water, 0.0, canopy)
    return Quarter(np.round(ground, 2), cover, canopy)


def _streets(canvas: Canvas, turn: float) -> tuple[Mask, Mask]:
    """Return the cells of streets and of lanes: two sets of parallel lines, the lanes broken at every other street."""
    x, y = canvas.centres()
    x, y = x - canvas.origin[0], y - canvas.origin[1]
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    across = across + 12.0 * np.sin(along / 260.0)
    streets = np.mod(across, LANES[0]) < WIDTHS[0]
    offset = np.where(np.mod(np.floor(across / LANES[0]), 2) > 0, LANES[1] / 2, 0.0)
    return streets, (np.mod(along + offset, LANES[1]) < WIDTHS[1]) & ~streets


def _planted(noise: Floats, within: NDArray[np.int32], roads: Mask, shares: Sequence[float]) -> Mask:
    """Return the planted cells: in each neighbourhood the share of its plots where noise is highest."""
    planted = np.zeros(within.shape, bool)
    for at, share in enumerate(shares, 1):
        plots = (within == at) & ~roads
        if plots.any() and share > 0.0:
            planted |= plots & (noise >= np.quantile(noise[plots], 1.0 - share))
    return planted
