"""Storeys of blocks: whole storeys whose floor areas sum to the floor area ratio."""

import math
from dataclasses import dataclass

import shapely
from shapely import Polygon

SLIVER = 0.02
"""A part of a block smaller than this share is not cut off."""
TOWER = 0.35
"""Share of the footprint that towers on a podium aim at."""


@dataclass(frozen=True)
class Built:
    """One building: its footprint and its storeys."""

    footprint: Polygon
    floors: int


def storeys(blocks: tuple[Polygon, ...], *, floor_area: float, most: int, podium: int) -> list[Built]:
    """Return buildings of whole storeys on the blocks, summing to the floor area or the largest one within the limit.

    Without podium, some blocks get one storey more than the others, and one block is
    parted where needed. On a podium every block carries a tower on one end.
    """
    footprint = float(sum(block.area for block in blocks))
    if footprint <= 0.0 or most < 1:
        return []
    mean = floor_area / footprint
    if mean >= most:
        return [Built(block, most) for block in blocks]
    if podium and mean > podium:
        high = min(most, math.ceil(podium + (mean - podium) / TOWER))
        return _parted(blocks, low=podium, high=high, share=(mean - podium) / (high - podium))
    low = max(1, math.floor(mean + 1e-9))
    if mean <= low:
        return [Built(block, low) for block in blocks]
    return _raised(blocks, low=low, area=floor_area - low * footprint)


def _raised(blocks: tuple[Polygon, ...], *, low: int, area: float) -> list[Built]:
    """Return blocks of `low` storeys, of which a footprint of `area` gets one storey more."""
    built: list[Built] = []
    for block in blocks:
        share = min(1.0, area / block.area)
        built += _part(block, share=share, low=low, high=low + 1)
        area = max(0.0, area - share * block.area)
    return built


def _parted(blocks: tuple[Polygon, ...], *, low: int, high: int, share: float) -> list[Built]:
    return [built for block in blocks for built in _part(block, share=share, low=low, high=high)]


def _part(block: Polygon, *, share: float, low: int, high: int) -> list[Built]:
    """Return the block as two buildings, the left one of `high` storeys on a share of its area."""
    if share < SLIVER or share > 1.0 - SLIVER:
        return [Built(block, high if share >= 0.5 else low)]  # noqa: PLR2004  (the nearer of the two)
    left, bottom, right, top = block.bounds

    def over(at: float) -> float:
        return float(block.intersection(shapely.box(left, bottom, at, top)).area) - share * block.area

    from scipy.optimize import brentq

    at = float(brentq(over, left, right, xtol=1e-9))
    sides = [(shapely.box(left, bottom, at, top), high), (shapely.box(at, bottom, right, top), low)]
    return [
        Built(part, floors)
        for side, floors in sides
        for part in shapely.get_parts(block.intersection(side))
        if isinstance(part, Polygon) and part.area > 0.0
    ]
