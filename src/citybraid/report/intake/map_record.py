"""The map of problems as data: outlines in metres from the upper left corner, for a page that draws them itself."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.model import Params
from citybraid.report.chapter import words
from citybraid.report.drawing.scene import Bounds
from citybraid.report.intake.contents import IntakeReport
from citybraid.report.intake.problem_map import (
    MOST_SHAPES,
    OTHER,
    STYLES,
    kinds_of,
    shown_problems,
    simplified,
)
from citybraid.report.intake.record import TextByLanguage, texts_of
from citybraid.report.intake.tables import contradiction_words, layer_name
from citybraid.report.view import named
from citybraid.sources.protocol.problem import Contradiction, Problem

CONTRADICTED = "#5b2a86"
"""Colour of places where statements disagree; the colours of kinds of problems are others."""


class OutlineRecord(Params):
    """A table of shapes below the problems."""

    name: str
    """The table."""
    title: TextByLanguage
    """Its name."""
    colour: str
    """Colour of its lines."""
    fill: str
    """Colour of its areas; empty where they are not filled."""
    path: str
    """All shapes as one SVG path, in metres from the upper left corner."""
    left_out: int
    """Shapes that are not drawn, the smallest, where there are very many."""


class SpotRecord(Params):
    """A problem with its place."""

    layer: str
    """The table."""
    title: TextByLanguage
    """The table's name."""
    row: str
    """The row's id."""
    kind: TextByLanguage
    """What kind of problem it is."""
    colour: str
    """Colour of this kind."""
    said: TextByLanguage
    """The message."""
    mended: bool
    """Whether it was mended on reading."""
    point: tuple[float, float] | None
    """A point within the place, in metres from the upper left corner; null where it has no place."""
    path: str
    """The place as an SVG path; empty where it is a point or has none."""


class MapRecord(Params):
    """The map of an intake: width and height [m], shapes, problems, and how many problems are not listed."""

    width: float
    """Width [m]."""
    height: float
    """Height [m]."""
    outlines: tuple[OutlineRecord, ...]
    """Tables of shapes, in drawing order."""
    problems: tuple[SpotRecord, ...]
    """Problems, open ones first."""
    left_out: int
    """Problems that are not listed."""
    contradictions: tuple[SpotRecord | None, ...] = ()
    """The places of the contradictions, in the order of the record; null where one has none."""


def map_record(report: IntakeReport) -> MapRecord:
    """Return the map of an intake; empty where no file gives a place."""
    bounds = report.bounds or Bounds(0.0, 0.0, 0.0, 0.0)
    problems = shown_problems(report.problems)
    return MapRecord(
        width=round(bounds.width, 1), height=round(bounds.height, 1), outlines=tuple(_outlines(report, bounds)),
        problems=tuple(_spots(report, problems, bounds)), left_out=len(report.problems) - len(problems),
        contradictions=tuple(_contradicted(report, each, bounds) for each in report.contradictions),
    )  # fmt: skip


def _contradicted(report: IntakeReport, contradiction: Contradiction, bounds: Bounds) -> SpotRecord | None:
    """Return the shape of a row whose statements disagree; None for sums over many rows, and rows without a shape."""
    shapes = report.shapes.get(contradiction.layer)
    if shapes is None:
        return None
    rows = np.flatnonzero(shapes.index.map(str) == contradiction.row)
    if not len(rows) or (shape := shapes.iloc[int(rows[0])]) is None or shape.is_empty:
        return None
    title, spot = layer_name(report, contradiction.layer), shape.representative_point()
    return SpotRecord(
        layer=contradiction.layer, title=texts_of(title), row=contradiction.row,
        kind=texts_of(words("intake_report.contradictions")), colour=CONTRADICTED,
        said=texts_of(contradiction_words(contradiction, title)), mended=False, path=_path(shape, bounds),
        point=(round(spot.x - bounds.left, 1), round(bounds.top - spot.y, 1)),
    )  # fmt: skip


def _outlines(report: IntakeReport, bounds: Bounds) -> Iterator[OutlineRecord]:
    for name in sorted(report.shapes, key=lambda each: [*STYLES, each].index(each)):
        shapes, style = report.shapes[name], STYLES.get(name, OTHER)
        left_out = max(0, len(shapes) - MOST_SHAPES)
        if left_out:
            sizes = np.where(shapes.area > 0, np.sqrt(shapes.area), shapes.length)
            shapes = shapes.iloc[np.sort(np.argsort(-sizes, kind="stable")[:MOST_SHAPES])]
        path = "".join(_path(shape, bounds) for shape in simplified(shapes, bounds))
        yield OutlineRecord(name=name, title=texts_of(named("var", name)), colour=style.edge, fill=style.fill or "",
                            path=path, left_out=left_out)  # fmt: skip


def _spots(report: IntakeReport, problems: Sequence[Problem], bounds: Bounds) -> Iterator[SpotRecord]:
    kinds = kinds_of(report)
    for each in problems:
        title = texts_of(layer_name(report, each.layer))
        named_problem = {
            code: Problem(each.text, word, each.row, each.shape, each.mended, each.values).say(code)
            for code, word in title.items()
        }
        spot = None if each.shape.is_empty else each.shape.representative_point()
        kind, colour = kinds[each.text]
        yield SpotRecord(
            layer=each.layer, title=title, row=each.row, kind=texts_of(kind), colour=colour, said=named_problem,
            mended=each.mended, path="" if spot is None else _path(each.shape, bounds),
            point=None if spot is None else (round(spot.x - bounds.left, 1), round(bounds.top - spot.y, 1)),
        )  # fmt: skip


def _path(shape: BaseGeometry, bounds: Bounds) -> str:
    """Return the lines and rings of a shape as an SVG path, to a decimetre."""
    parts: list[str] = []
    for piece in shapely.get_parts(shape):
        lines = [piece.exterior, *piece.interiors] if piece.geom_type == "Polygon" else [piece]
        for line in lines:
            if line.geom_type not in ("LineString", "LinearRing") or line.is_empty:
                continue
            points = shapely.get_coordinates(line) - (bounds.left, bounds.top)
            parts.append("M" + "L".join(f"{x:.1f} {-y:.1f}" for x, y in points))
            parts.append("Z" if line.is_closed else "")
    return "".join(parts)
