"""Plausibility of layer positions, checked across all files and reported with the likeliest cause.

Coordinates that are impossible in one file are refused by its reader (`coordinate_ranges`).
This module combines the checks across files: a table entirely outside the plan area
(`elsewhere`), an offset against neighbouring layers (`neighbours`), and findings on the
georeferencing of each file (`placing`).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from citybraid.core.errors import InputError, PlanError
from citybraid.core.finding import Finding
from citybraid.core.text import Phrase
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.placement.few_neighbours import few_misfits
from citybraid.sources.placement.georeferencing import georeferencing_findings
from citybraid.sources.placement.neighbours import misfits
from citybraid.sources.placement.outside_plan_area import files_outside, tables_outside
from citybraid.sources.placement.positioned import PositionedShapes, positioned_layers, positioned_shapes
from citybraid.sources.placement.zones import (
    MAX_AREAL_DISTORTION,
    Point,
    areal_scale,
    candidates,
    centre,
    lonlat,
    planning_crs,
)
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Bounds, Target

RANKED = frozenset({"intake.crs_missing", "intake.metres_in_degrees"})
"""Text ids of problems with CRS candidates."""


NEARBY = 2.0
"""Distance from the plan area up to which a table beside it is left out rather than misplaced [km]."""


class PlausibilityResult(NamedTuple):
    """Problems with ranked candidates, problems of misplaced tables by name, findings, and tables beside the area."""

    problems: tuple[PlanError, ...]
    apart: Mapping[str, PlanError]
    findings: tuple[Finding, ...]
    beside: tuple[str, ...] = ()


def check_positions(
    layers: Layers, readings: Sequence[Reading], target: Target, problems: Iterable[PlanError]
) -> PlausibilityResult:
    """Return problems and findings on implausible layer positions, with suggested fixes."""
    all_sheets = positioned_shapes(readings)
    near = None if target.base is None else lonlat(centre(_edges(target)), target.crs)
    elsewhere = tables_outside(layers, all_sheets, target)
    beside = {table: problem for table, problem in elsewhere.items() if _is_beside(problem)}
    fitting = tuple(sheet for sheet in all_sheets if sheet.table not in elsewhere)
    return PlausibilityResult(
        (*(ranked(problem, near or _middle(target.crs)) for problem in problems), *areal_distortion(target)),
        {table: problem for table, problem in elsewhere.items() if table not in beside},
        (
            *(Finding("warning", "intake.layer_beside", table, 1, problem.values) for table, problem in beside.items()),
            *georeferencing_findings(positioned_layers(readings), target),
            *files_outside(fitting, target),
            *_offsets([sheet for sheet in all_sheets if sheet.table not in elsewhere or sheet.table in beside], target),
        ),
        tuple(beside),
    )


def _offsets(sheets: Sequence[PositionedShapes], target: Target) -> list[Finding]:
    """Return warnings of offsets: each neighbour alone, then few shapes against all that is around them."""
    offsets = misfits(sheets, target)
    named = {each.values[role] for each in offsets for role in ("name", "other")}
    rest = [sheet for sheet in sheets if sheet.position.name not in named]
    return [*offsets, *few_misfits(rest, target)]


def _is_beside(problem: PlanError) -> bool:
    """Tell whether a table lies just beside the plan area, and no other reading of its coordinates would move it in."""
    return problem.text == "intake.layer_elsewhere" and float(str(problem.values["kilometres"])) <= NEARBY


def ranked(problem: PlanError, near: Point | None) -> PlanError:
    """Return a problem with its CRS candidates sorted by the resulting distance of the file."""
    if problem.text not in RANKED or near is None:
        return problem
    west, south, east, north = (float(str(problem.values[edge])) for edge in ("west", "south", "east", "north"))
    likely = candidates((west, south, east, north), near)
    return InputError(problem.text, **{**problem.values, "candidates": likely}) if likely else problem


def areal_distortion(target: Target) -> list[PlanError]:
    """Return a problem where the study's CRS distorts areas at its location, as web Mercator does."""
    if target.base is None:
        return []
    place = lonlat(centre(_edges(target)), target.crs)
    if not all(map(math.isfinite, place)):
        west, south, east, north = _edges(target)
        crs = parse_crs(target.crs, name="crs").name
        return [InputError("intake.place_none", crs=crs, west=west, south=south, east=east, north=north)]
    scale = areal_scale(parse_crs(target.crs, name="crs"), place)
    if abs(scale - 1.0) <= MAX_AREAL_DISTORTION:
        return []
    way = Phrase("intake.areas_large" if scale > 1 else "intake.areas_small", {})
    likely = planning_crs(place)
    return [
        InputError(
            "intake.crs_areas", crs=target.crs[:60], percent=round(abs(scale - 1) * 100, 1), way=way,
            latitude=round(place[1], 2), likely=likely,
        )
    ]  # fmt: skip


def _middle(crs: str) -> Point | None:
    """Return the centre of the area of use of a CRS, None where it has none."""
    area = parse_crs(crs, name="crs").area_of_use
    return None if area is None else ((area.west + area.east) / 2, (area.south + area.north) / 2)


def _edges(target: Target) -> Bounds:
    assert target.outline is not None  # noqa: S101  (asked where there is a base)
    west, south, east, north = (float(edge) for edge in target.outline.bounds)
    return west, south, east, north
