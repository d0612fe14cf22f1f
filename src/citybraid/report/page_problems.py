"""The map of problems as compact data inside the page: layers, kinds, and every problem with its place."""

from collections.abc import Mapping, Sequence

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.report.chapter import BackgroundLayer, Mark, Picture, ProblemMap, Shapes
from citybraid.report.drawing.scene import Bounds
from citybraid.report.drawing.units import System
from citybraid.report.page_map import Json, both, picture_url, shapes_data


def problem_data(problem_map: ProblemMap, languages: Sequence[str], system: System) -> Json:
    """Return the data that the page's script draws; coordinates are relative to the map's lower left corner."""
    keys = list(problem_map.kinds)
    return {
        "size": [problem_map.bounds.width, problem_map.bounds.height],
        "grounds": [_ground(ground, problem_map.bounds, languages, system) for ground in problem_map.grounds],
        "kinds": [
            {"title": both(title, languages, system), "colour": colour} for title, colour in problem_map.kinds.values()
        ],
        "marks": [
            _mark(mark, keys.index(mark.kind), problem_map.bounds, languages, system) for mark in problem_map.marks
        ],
    }


def _ground(ground: BackgroundLayer, origin: Bounds, languages: Sequence[str], system: System) -> Json:
    entry: dict[str, object] = {
        "title": both(ground.title, languages, system), "shown": ground.shown, "fill": ground.fill or "",
        "legend": [[both(text, languages, system), colour] for text, colour in ground.legend],
    }  # fmt: skip
    if isinstance(ground.content, Picture):
        box = ground.content.bounds
        corners = [box.left - origin.left, box.bottom - origin.bottom, box.right - origin.left, box.top - origin.bottom]
        return {**entry, "picture": picture_url(ground.content), "box": corners}
    drawn = shapes_data(ground.content, origin)
    return {**entry, "edge": ground.content.edge, "areas": drawn["areas"], "lines": drawn["lines"]}


def _mark(mark: Mark, kind: int, origin: Bounds, languages: Sequence[str], system: System) -> Json:
    entry = {"kind": kind, "text": both(mark.text, languages, system), "mended": mark.mended}
    if mark.shape.is_empty:
        return entry
    spot = mark.shape.representative_point()
    west, south, east, north = mark.shape.bounds
    drawn = shapes_data(Shapes(["-"], [_flat(mark.shape)]), origin)
    return {
        **entry,
        "at": [round(spot.x - origin.left, 1), round(spot.y - origin.bottom, 1)],
        "box": [round(value, 1) for value in (west - origin.left, south - origin.bottom,
                                              east - origin.left, north - origin.bottom)],
        **_first(drawn),
    }  # fmt: skip


def _first(drawn: Mapping[str, object]) -> Json:
    areas, lines = drawn["areas"], drawn["lines"]
    assert isinstance(areas, list)  # noqa: S101  (made by shapes_data)
    assert isinstance(lines, list)  # noqa: S101
    return {"areas": areas[0], "lines": lines[0]}


def _flat(shape: BaseGeometry) -> BaseGeometry:
    """The areas of a shape as one multipolygon, else its lines as one multiline: a map draws one kind."""
    parts = [part for group in shapely.get_parts(shape) for part in shapely.get_parts(group)]
    areas = [part for part in parts if isinstance(part, Polygon)]
    lines = [part for part in parts if isinstance(part, LineString)]
    return MultiPolygon(areas) if areas else MultiLineString(lines)
