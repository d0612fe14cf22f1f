"""A plot built to its controls: blocks, storeys, uses and heights."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from shapely import Polygon, from_wkb

from citybraid.integrate.measures.form.blocks import Archetype, layout
from citybraid.integrate.measures.form.storeys import storeys

STREET_FIRST = ("retail", "public", "hotel", "office", "school", "hospital", "transport", "industrial", "residential")
"""Uses from the lowest buildings of a mixed plot upwards."""
REMEMBERED = 8192
"""Plots whose buildings are kept while the process lasts [-]."""


@dataclass(frozen=True)
class Controls:
    """A parcel's floor area ratio [-], building density [-] and height limit [m] (NaN: none)."""

    floor_area_ratio: float
    density: float
    height_limit: float

    @property
    def stated(self) -> bool:
        """Whether ratio and density are both known and above 0."""
        return self.floor_area_ratio > 0.0 and self.density > 0.0


@dataclass(frozen=True)
class Building:
    """One planned building: footprint, use, storeys and height [m]."""

    footprint: Polygon
    use: str
    floors: int
    height: float


def uses_of(land_use: object, share: Mapping[str, float]) -> Mapping[str, float]:
    """Return the shares of floor area by use under a land-use code: the rows with the longest prefix; empty if none."""
    code = land_use if isinstance(land_use, str) else ""
    for length in range(len(code), 0, -1):
        shares = {
            use: value
            for key, value in share.items()
            for prefix, _, use in [key.partition("/")]
            if prefix == code[:length] and value > 0.0
        }
        if shares:
            return {use: value / sum(shares.values()) for use, value in shares.items()}
    return {}


def build(
    plot: Polygon,
    controls: Controls,
    *,
    uses: Mapping[str, float],
    archetype: Mapping[str, float],
    storey_height: Mapping[str, float],
) -> list[Building]:
    """Return the buildings of a plot, ordered by storeys and place.

    The use with the largest share gives the archetype and the number of storeys under
    the height limit. Where the floor area ratio is below the density, buildings have
    one storey and cover less than the density allows. The last plots are remembered: of an edit one is new.
    """
    main = max(sorted(uses), key=lambda use: uses[use])
    limit = None if math.isnan(controls.height_limit) else controls.height_limit
    heights = tuple((use, storey_height[use]) for use in uses if use in storey_height)
    numbers = (controls.floor_area_ratio, controls.density, limit)
    return list(_built(plot.wkb, numbers, tuple(uses.items()), heights, Archetype.of(main, archetype), main))


@lru_cache(REMEMBERED)
def _built(
    outline: bytes, numbers: tuple[float, float, float | None], shares: tuple[tuple[str, float], ...],
    heights: tuple[tuple[str, float], ...], shape: Archetype, main: str,
) -> tuple[Building, ...]:  # fmt: skip
    plot, uses, storey_height = cast("Polygon", from_wkb(outline)), dict(shares), dict(heights)
    controls = Controls(numbers[0], numbers[1], math.nan if numbers[2] is None else numbers[2])
    limit = controls.height_limit
    most = 200 if math.isnan(limit) else math.floor(limit / storey_height[main] + 1e-9)
    floor_area = controls.floor_area_ratio * plot.area
    plan = layout(plot, area=min(controls.density * plot.area, floor_area), shape=shape)
    built = storeys(plan.blocks, floor_area=floor_area, most=most, podium=shape.podium)
    built.sort(key=lambda one: (one.floors, one.footprint.bounds))
    total = sum(one.floors * one.footprint.area for one in built)
    buildings, below = [], 0.0
    for one in built:
        area = one.floors * one.footprint.area
        use = _use_at((below + 0.5 * area) / total, uses)
        below += area
        height = one.floors * storey_height[use]
        height = height if math.isnan(limit) else min(height, limit)
        buildings.append(Building(plan.placed(one.footprint), use, one.floors, height))
    return tuple(buildings)


def _use_at(position: float, uses: Mapping[str, float]) -> str:
    """Return the use at a position (0 to 1) of the plot's floor area, public uses at the bottom."""
    known = [use for use in STREET_FIRST if use in uses]
    ordered = [*known, *sorted(set(uses) - set(known))]
    reach = 0.0
    for use in ordered:
        reach += uses[use]
        if position <= reach:
            return use
    return ordered[-1]
