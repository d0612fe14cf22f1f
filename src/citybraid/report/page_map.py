"""The interactive map as compact data inside the page: palette PNGs, whole decimetres, columns by parcel."""

import base64
import io
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from PIL import Image
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.report.chapter import (
    Amount,
    Detail,
    Explorer,
    Fills,
    MapLayer,
    Picture,
    Renderable,
    Shapes,
    Text,
    in_words,
)
from citybraid.report.drawing.scene import Bounds
from citybraid.report.drawing.units import (
    Shown,
    System,
    is_money,
    label,
    money_unit,
    number,
    shown,
    whole_from_thousand,
)

DECIMETRES = 10
QUICK = 2
"""Level of compression of rasters in the page: the usual one makes them a tenth smaller in several times the time."""
Json = Mapping[str, object]


def map_data(explorer: Explorer, languages: Sequence[str], system: System) -> Json:
    """Return the data that the page's script draws; coordinates are relative to the map's lower left corner."""
    origin = explorer.bounds
    pictures: dict[str, int] = {}
    layers = [_layer(layer, origin, languages, system, pictures) for layer in explorer.layers]
    return {
        "pictures": list(pictures),
        "size": [origin.width, origin.height],
        "alternatives": [
            {"key": key, "name": both(name, languages, system)} for key, name in explorer.alternatives.items()
        ],
        "layers": layers,
        "shapes": {name: shapes_data(shapes, origin) for name, shapes in explorer.shapes.items()},
        "details": [_detail(detail, languages, system) for detail in explorer.details],
        "reasons": {key: both(text, languages, system) for key, text in explorer.reasons.items()},
        "picked": explorer.picked,
        "names": dict(explorer.names),
    }


def both(text: Text, languages: Sequence[str], system: System) -> Mapping[str, str]:
    """Return a text by language."""
    return {language: in_words(text, language, system) for language in languages}


def picture_url(picture: Picture) -> str:
    """Return a raster as a data URL: a PNG with one palette entry for each class, class 0 transparent."""
    indices = (picture.scale.classes(picture.values) + 1).astype(np.uint8)
    image = Image.fromarray(indices).convert("P")
    colours = [0, 0, 0, *(part for colour in picture.scale.colours for part in bytes.fromhex(colour.lstrip("#")))]
    image.putpalette(colours)
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0, compress_level=QUICK)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def _layer(layer: MapLayer, origin: Bounds, languages: Sequence[str], system: System, pictures: dict[str, int]) -> Json:
    return {
        "name": layer.name,
        "title": both(layer.title, languages, system),
        "group": both(layer.group, languages, system),
        "note": both(layer.note, languages, system),
        "legend": [[both(text, languages, system), colour] for text, colour in layer.legend],
        "by": {key: _shown(content, origin, pictures) for key, content in layer.by_alternative.items()},
    }


def _shown(content: Picture | Fills, origin: Bounds, pictures: dict[str, int]) -> Json:
    """Content of a layer; identical pictures are stored once."""
    if isinstance(content, Picture):
        box = content.bounds
        corners = [box.left - origin.left, box.bottom - origin.bottom, box.right - origin.left, box.top - origin.bottom]
        return {"picture": pictures.setdefault(picture_url(content), len(pictures)), "box": corners}
    colours = sorted({colour for colour in content.colours if colour})
    at = {colour: place for place, colour in enumerate(colours)}
    return {
        "shapes": content.shapes,
        "colours": colours,
        "fill": [at.get(colour or "", -1) for colour in content.colours],
    }


def shapes_data(shapes: Shapes, origin: Bounds) -> Json:
    """Return shapes as whole decimetres from the map's lower left corner."""
    return {
        "ids": list(shapes.ids),
        "edge": shapes.edge,
        "width": shapes.width,
        "in": list(shapes.alternatives),
        "areas": [[_rings(area, origin) for area in _parts(shape, Polygon, MultiPolygon)] for shape in shapes.geometry],
        "lines": [
            [_decimetres(line.coords, origin) for line in _parts(shape, LineString, MultiLineString)]
            for shape in shapes.geometry
        ],
        "dots": [_decimetres(shape.coords, origin) if isinstance(shape, Point) else [] for shape in shapes.geometry],
    }


def _parts(shape: BaseGeometry, one: type[BaseGeometry], many: type[BaseGeometry]) -> list[BaseGeometry]:
    if isinstance(shape, one):
        return [] if shape.is_empty else [shape]
    return list(getattr(shape, "geoms", ())) if isinstance(shape, many) else []


def _rings(area: BaseGeometry, origin: Bounds) -> list[list[int]]:
    if not isinstance(area, Polygon):
        return []
    return [_decimetres(ring.coords, origin)[:-2] for ring in (area.exterior, *area.interiors)]


def _decimetres(coords: Iterable[tuple[float, ...]], origin: Bounds) -> list[int]:
    points = np.asarray(list(coords), dtype=np.float64)[:, :2] - (origin.left, origin.bottom)
    return [int(value) for value in np.rint(points * DECIMETRES).ravel()]


def _detail(detail: Detail, languages: Sequence[str], system: System) -> Json:
    display = _told_together(detail, shown(detail.unit, system))
    digits = display.digits if detail.digits is None else detail.digits
    return {
        "title": both(detail.title, languages, system),
        "unit": {language: label(display.unit, language) for language in languages},
        "by": {
            key: [_cell(value, display, digits, languages, system) for value in values]
            for key, values in detail.by_alternative.items()
        },
    }


def _told_together(detail: Detail, display: Shown) -> Shown:
    """Return how a detail is shown where all areas and alternatives count its money in one unit."""
    values = [each for row in detail.by_alternative.values() for each in row if isinstance(each, int | float)]
    amounts = np.array(values if is_money(display.unit) else [], dtype=np.float64) * display.factor + display.offset
    return display._replace(unit=money_unit(amounts, display.unit))


def _cell(value: object, display: Shown, digits: int | None, languages: Sequence[str], system: System) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        amount = float(value) * display.factor + display.offset
        if is_money(display.unit):
            return both(Amount(amount, display.unit, digits), languages, system)
        return number(amount, digits=whole_from_thousand(amount, digits))
    if value is None or isinstance(value, str):
        return value or "–"
    if isinstance(value, Renderable):
        return both(value, languages, system)
    return str(value)
