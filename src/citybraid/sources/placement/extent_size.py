"""Size of the study's grid, known before it is made, and shapes far from the others that alone make it large."""

import math
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from citybraid.core.errors import InputError, PlanError
from citybraid.core.finding import Finding
from citybraid.core.memory import MIB, free_mib
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Bounds, Target

BYTES_PER_CELL = 64
"""Memory that intake takes for each cell of the grid: eight rasters of 8 byte [byte]."""
MEMORY_SHARE = 0.85
"""Share of the available memory that the grid may take [-]."""
FAR = 5.0
"""Ratio of the distance of a far shape to that of the farthest of the others [-]."""
NEAR = 100.0
"""Distance below which shapes count as being at one place [m]."""
STEPS = (1.0, 2.0, 5.0)
"""Leading digits of the resolutions that are proposed."""
M2_PER_HA = 10_000.0
MOST_NAMED = 3


class FarShapes(NamedTuple):
    """Shapes far from the majority: ids, farthest first, distance of the farthest [m], and the extent of the others."""

    ids: tuple[str, ...]
    distance: float
    rest: Bounds


def far_shapes(shapes: gpd.GeoSeries) -> FarShapes | None:
    """Return the minority of shapes beyond the largest jump in distance from the median place; None without a jump.

    A jump is a distance `FAR` times that of all nearer shapes, which are at least half of all.
    """
    edges = shapely.bounds(shapes.to_numpy())
    known = np.isfinite(edges).all(axis=1)
    edges, ids = edges[known], shapes.index.to_numpy(dtype=object)[known]
    if len(edges) < 3:  # noqa: PLR2004  (of two, none is far from the other)
        return None
    middle = (edges[:, :2] + edges[:, 2:]) / 2
    away = np.hypot(*(middle - np.median(middle, axis=0)).T)
    order = np.argsort(away, kind="stable")
    ranked = np.maximum(away[order], NEAR)
    jump = ranked[1:] / ranked[:-1]
    jump[: (len(order) + 1) // 2 - 1] = 0.0
    at = int(np.argmax(jump))
    if jump[at] < FAR:
        return None
    near, far = order[: at + 1], order[:at:-1]
    rest = (*edges[near, :2].min(axis=0).tolist(), *edges[near, 2:].max(axis=0).tolist())
    return FarShapes(tuple(str(each) for each in ids[far]), float(away[far[0]]), rest)


def far_finding(table: str, shapes: gpd.GeoSeries) -> list[Finding]:
    """Return a finding to confirm on shapes far from the others: which, how far, what they make of the extent."""
    far = far_shapes(shapes)
    if far is None:
        return []
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    values = {
        "ids": list(far.ids[:MOST_NAMED]), "kilometres": far.distance / 1000,
        "area": (east - west) * (north - south) / M2_PER_HA, "rest": _area(far.rest) / M2_PER_HA,
    }  # fmt: skip
    return [Finding("guessed", "intake.far_shapes", table, len(far.ids), values)]


def most_cells(limits: Limits) -> float:
    """Return how many cells the grid may have: the study's limit, or what the available memory holds."""
    free = free_mib()
    fitting = math.inf if free is None else MEMORY_SHARE * free * MIB / BYTES_PER_CELL
    return min(limits.grid_pixels, math.floor(fitting) if math.isfinite(fitting) else fitting)


def size_problem(target: Target, bounds: Bounds, limits: Limits, shapes: gpd.GeoSeries | None) -> PlanError | None:
    """Return the problem of a grid too large over these bounds: far shapes, and the resolution that would fit."""
    limit = most_cells(limits)
    rows, columns = target.shape_over(bounds)
    if rows * columns <= limit:
        return None
    values = {"cell": target.cell, "cells": rows * columns, "limit": int(limit)}
    far = None if shapes is None else far_shapes(shapes)
    if far is None:
        return InputError("study.grid_large", fits=_fitting(bounds, limit, target), **values)
    return InputError(
        "study.grid_far", ids=list(far.ids[:MOST_NAMED]), kilometres=far.distance / 1000,
        rest=math.prod(target.shape_over(far.rest)), fits=_fitting(bounds, limit, target), **values,
    )  # fmt: skip


def _fitting(bounds: Bounds, limit: float, target: Target) -> float:
    """Return the finest resolution of 1, 2 or 5 times a power of ten at which bounds and buffer fit a limit [m]."""
    west, south, east, north = bounds
    sides = (east - west + 2 * target.buffer) * (north - south + 2 * target.buffer)
    least = max(math.sqrt(sides / limit), target.cell)
    power = math.floor(math.log10(least))
    return min(digit * 10.0**at for at in (power, power + 1) for digit in STEPS if digit * 10.0**at >= least)


def _area(bounds: Bounds) -> float:
    west, south, east, north = bounds
    return (east - west) * (north - south)
