"""Overlapping shapes: very thin overlaps of parcels trimmed, all others reported with their place."""

from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.geometry.gaps import crowded
from citybraid.sources.geometry.shapes import (
    AREAS,
    COLLECTION,
    Flags,
    GeometryRepair,
    Shapes,
    limit_problems,
    parts_of,
    rounded,
    width,
)
from citybraid.sources.protocol.discovery import geometry_settings, partitions
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.rules import Choices, RepairResult, Rules, Stage

BLOCK = 100_000
"""Pairs that are intersected at once: of most no more is kept than that they share nothing."""
Rows = npt.NDArray[np.intp]


class Shared(NamedTuple):
    """Pairs of shapes (row numbers, the lower first), their shared area [m2], and the intersection itself."""

    one: Rows
    other: Rows
    area: npt.NDArray[np.float64]
    ground: Shapes


def overlaps(shapes: Shapes, least: float) -> Shared | None:
    """Return the pairs that share more than `least` [m2]; None where nearly all overlap one another."""
    tree = shapely.STRtree(shapes)
    if crowded(tree, shapes):
        return None
    one, other = tree.query(shapes)
    pairs = one < other
    one, other = one[pairs], other[pairs]
    # Pairs whose bounds share too small a rectangle are dropped before the costly intersection.
    low, high = shapely.bounds(shapes)[:, :2], shapely.bounds(shapes)[:, 2:]
    sides = np.minimum(high[one], high[other]) - np.maximum(low[one], low[other])
    real = sides.min(axis=1, initial=np.inf) > 0
    real &= sides.prod(axis=1) > least
    one, other = one[real], other[real]
    blocks = [_shared(shapes, one[at : at + BLOCK], other[at : at + BLOCK], least) for at in range(0, len(one), BLOCK)]
    if not blocks:
        return _shared(shapes, one, other, least)
    return Shared(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))


def _shared(shapes: Shapes, one: Rows, other: Rows, least: float) -> Shared:
    """Return those of some pairs that share more than `least` [m2]."""
    ground = np.asarray(shapely.intersection(shapes[one], shapes[other]), dtype=object)
    area = shapely.area(ground)
    over = area > least
    ground = ground[over]
    for at in np.flatnonzero(shapely.get_type_id(ground) == COLLECTION):
        ground[at] = parts_of(ground[at], AREAS)
    return Shared(one[over], other[over], area[over], ground)


STAGE: Stage = "area"
READS: tuple[str, ...] = ()
FENCED = True
VERSION = 4


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Trim overlaps that are drawing errors and report the others: only the user knows whose the ground is."""
    findings: list[Finding] = []
    problems: list[Problem] = []
    for table in (*partitions(), "buildings"):
        geometry = layers.get(table, on=table)
        if geometry is None:
            continue
        outcome = trim_overlaps(geometry.value, table, rules.choices)
        findings += outcome.findings
        problems += outcome.problems
        if outcome.shapes is not geometry.value:
            layers = layers.put(replace(geometry, value=outcome.shapes))
    places, more = limit_problems(problems)
    return RepairResult(layers, (*findings, *more), places)


def trim_overlaps(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Return a table's shapes without the overlaps that can be trimmed, and the remaining overlaps.

    An overlap of parcels or units is trimmed where it is thinner than `sliver_width` and
    no more than `area_change` of either; the larger one is trimmed, of equals the later by id.
    """
    shared = overlaps(shapes.to_numpy(), choices.least_area)
    if shared is None:
        return GeometryRepair(shapes, (Finding("advice", "intake.shapes_crowded", table, len(shapes)),))
    areas = shapely.area(shapes.to_numpy())
    if not geometry_settings(table).partition:
        least = np.minimum(areas[shared.one], areas[shared.other]) * choices.footprint_overlap
        return GeometryRepair(
            shapes, *_reported(shapes, table, _subset(shared, shared.area > np.maximum(least, choices.overlap)))
        )
    thin = width(shared.ground) < choices.sliver_width
    small = shared.area <= choices.area_change * np.minimum(areas[shared.one], areas[shared.other])
    trimmed, retained = _trim_order(shapes, shared, areas)
    total = np.bincount(trimmed, weights=np.where(thin & small, shared.area, 0.0), minlength=len(areas))
    trim = thin & small & (total[trimmed] <= choices.area_change * areas[trimmed])
    plain, trim = _trimmed(shapes, trimmed, retained, trim)
    cut = _subset(shared, trim)
    remaining = _subset(shared, ~trim)
    if not trim.any():
        return GeometryRepair(shapes, *_reported(shapes, table, remaining))
    findings, open_problems = _reported(shapes, table, remaining)
    mended = _problems(shapes, table, cut, "intake.problem_overlap_trimmed", mended=True)
    note = Finding("repaired", "intake.overlaps_trimmed", table, len(cut.one), {"area": float(cut.area.sum())})
    changed = gpd.GeoSeries(plain, index=shapes.index, crs=shapes.crs)
    return GeometryRepair(changed, (note, *findings), (*mended, *open_problems))


def _subset(shared: Shared, which: Flags) -> Shared:
    return Shared(shared.one[which], shared.other[which], shared.area[which], shared.ground[which])


def _trim_order(shapes: gpd.GeoSeries, shared: Shared, areas: np.ndarray) -> tuple[Rows, Rows]:
    """The row of each pair that is trimmed, and the one retained."""
    name = np.argsort(np.argsort(shapes.index.to_numpy(dtype=str), kind="stable"))
    one, other = shared.one, shared.other
    first = (areas[one] > areas[other]) | ((areas[one] == areas[other]) & (name[one] > name[other]))
    return np.where(first, one, other), np.where(first, other, one)


def _trimmed(shapes: gpd.GeoSeries, trimmed: Rows, retained: Rows, trim: Flags) -> tuple[np.ndarray, Flags]:
    """The trimmed shapes, and which pairs were trimmed: a trim that would break a shape is skipped."""
    plain = shapes.to_numpy().copy()
    feasible = trim.copy()
    for row in np.unique(trimmed[trim]):
        pairs = np.flatnonzero(trim & (trimmed == row))
        cover = shapely.union_all(shapes.to_numpy()[retained[pairs]])
        rest = parts_of(shapely.difference(plain[row], cover), AREAS)
        intact = shapely.get_num_geometries(rest) == shapely.get_num_geometries(plain[row])
        if intact and shapely.is_valid(rest) and not rest.is_empty:
            plain[row] = rest
        else:
            feasible[pairs] = False
    return plain, feasible


def _reported(shapes: gpd.GeoSeries, table: str, shared: Shared) -> tuple[tuple[Finding, ...], tuple[Problem, ...]]:
    """The finding and problems of the remaining overlaps."""
    if not len(shared.one):
        return (), ()
    worst = int(np.argmax(shared.area))
    values = {
        "area": float(shared.area.sum()), "first": str(shapes.index[shared.one[worst]]),
        "second": str(shapes.index[shared.other[worst]]),
    }  # fmt: skip
    involved = len(np.union1d(shared.one, shared.other))
    finding = Finding("advice", "intake.shapes_overlap", table, involved, values)
    return (finding,), _problems(shapes, table, shared, "intake.problem_overlap")


def _problems(
    shapes: gpd.GeoSeries, table: str, shared: Shared, text: str, *, mended: bool = False
) -> tuple[Problem, ...]:
    names = shapes.index.to_numpy(dtype=str)
    order = np.argsort(-shared.area, kind="stable")
    return tuple(
        Problem(
            text, table, str(names[shared.one[at]]), shared.ground[at], mended=mended,
            values={"other": str(names[shared.other[at]]), "area": rounded(shared.area[at])},
        )
        for at in order
    )  # fmt: skip
