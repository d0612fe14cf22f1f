"""Result of a geometry repair, and shared geometry functions."""

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

MAX_PROBLEMS = 1000
"""Maximum number of problems of one kind and layer kept with their location; the rest is counted."""
AREAS, LINES = 2, 1
COLLECTION = 7
"""GEOS type id of a GeometryCollection."""
Shapes = npt.NDArray[np.object_]
"""Array of geometries."""
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class GeometryRepair:
    """Result of a geometry repair: shapes, findings, and located problems."""

    shapes: gpd.GeoSeries
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()


def limit_problems(problems: Iterable[Problem]) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """Return the first `MOST` problems of each kind and layer, and findings with the number of the others.

    Open problems come before repaired ones, so that they are never truncated first.
    """

    def kind(problem: Problem) -> tuple[str, str]:
        return problem.layer, problem.text

    located: list[Problem] = []
    findings: list[Finding] = []
    for (layer, _), group in groupby(sorted(problems, key=kind), key=kind):
        ordered = sorted(group, key=lambda problem: problem.mended)
        located += ordered[:MAX_PROBLEMS]
        if len(ordered) > MAX_PROBLEMS:
            findings.append(
                Finding("found", "intake.problems_more", layer, len(ordered) - MAX_PROBLEMS, {"kept": MAX_PROBLEMS})
            )
    return tuple(located), tuple(findings)


def rings_of(shapes: Shapes) -> tuple[Shapes, npt.NDArray[np.intp]]:
    """Return the rings of polygons, part by part, exterior before holes, and the row of each ring."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, row[part]


def width(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Return the mean width of polygons, twice the area over the perimeter [m]; 0 where there is no perimeter."""
    perimeter = shapely.length(shapes)
    return np.divide(2 * shapely.area(shapes), perimeter, out=np.zeros(len(shapes)), where=perimeter > 0)


def parts_of(shape: BaseGeometry, dimension: int) -> BaseGeometry:
    """Return the parts of a shape that are areas (2) or lines (1); an empty polygon where there are none."""
    parts = [
        part for member in shapely.get_parts(shape) for part in shapely.get_parts(member)
        if shapely.get_dimensions(part) == dimension and not part.is_empty
    ]  # fmt: skip
    return as_multipart(parts, dimension)


def as_multipart(parts: Sequence[Any], dimension: int) -> BaseGeometry:
    """Return areas (2) or lines (1) as one shape: a single part as it is, several as a multi-part shape."""
    if not parts:
        return shapely.Polygon()
    if len(parts) == 1:
        only: BaseGeometry = parts[0]
        return only
    return shapely.MultiPolygon(list(parts)) if dimension == AREAS else shapely.MultiLineString(list(parts))


def rounded(amount: float) -> float:
    """Return a width [m] or an area [m2] as a table of problems tells it: three significant digits."""
    return float(f"{amount:.3g}")
