"""What a repair of shapes yields, and its words: a thousand faults of a kind at most have a place each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.finding import Finding
from citybraid.sources.protocol.problem import Problem

MOST = 1000
"""Most problems of one kind and layer that are kept with their place; the rest is counted."""
AREAS, LINES = 2, 1
COLLECTION = 7
"""GEOS's number for a collection of shapes of several kinds."""
Shapes = npt.NDArray[np.object_]
"""Geometries as a plain array."""
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Mended:
    """A table's shapes after a repair, what it did, and which faults lie where."""

    shapes: gpd.GeoSeries
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()


def kept(problems: Iterable[Problem]) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """Return the first problems of each kind and layer, and a finding on how many more there are.

    Open ones come before mended ones, so that what is left to do is never crowded out.
    """

    def kind(problem: Problem) -> tuple[str, str]:
        return problem.layer, problem.text

    told: list[Problem] = []
    findings: list[Finding] = []
    for (layer, _), group in groupby(sorted(problems, key=kind), key=kind):
        each = sorted(group, key=lambda problem: problem.mended)
        told += each[:MOST]
        if len(each) > MOST:
            findings.append(Finding("found", "intake.problems_more", layer, len(each) - MOST, {"kept": MOST}))
    return tuple(told), tuple(findings)


def rings_of(shapes: Shapes) -> tuple[Shapes, npt.NDArray[np.intp]]:
    """Return the rings of areas, part by part, the border of each before its holes, and the row of each ring."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, row[part]


def width(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Return the mean width of areas, twice the area over the perimeter [m]; 0 where there is no perimeter."""
    perimeter = shapely.length(shapes)
    return np.divide(2 * shapely.area(shapes), perimeter, out=np.zeros(len(shapes)), where=perimeter > 0)


def parts_of(shape: BaseGeometry, dimension: int) -> BaseGeometry:
    """Return the parts of a shape that are areas (2) or lines (1); an empty one where there are none."""
    parts = [
        part for whole in shapely.get_parts(shape) for part in shapely.get_parts(whole)
        if shapely.get_dimensions(part) == dimension and not part.is_empty
    ]  # fmt: skip
    return collected(parts, dimension)


def collected(parts: Sequence[Any], dimension: int) -> BaseGeometry:
    """Return areas (2) or lines (1) as one shape: the only one as it is, several side by side."""
    if not parts:
        return shapely.Polygon()
    if len(parts) == 1:
        only: BaseGeometry = parts[0]
        return only
    return shapely.MultiPolygon(list(parts)) if dimension == AREAS else shapely.MultiLineString(list(parts))
