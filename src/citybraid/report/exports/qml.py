"""QGIS styles (QML) as text: one colour, classes of a number, or categories of a code."""

from collections.abc import Iterable, Mapping
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from citybraid.report.drawing.palettes import Scale

HEADER = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
FAR = 1e30
Shape = Literal["fill", "line", "marker"]
"""What a symbol is drawn as: polygons, lines or points."""


def single(colour: str, *, edge: str = "#8a8a8a", shape: Shape = "fill") -> str:
    """Return the style of polygons, lines or points that all look the same."""
    renderer = Element("renderer-v2", type="singleSymbol")
    _symbols(renderer, [colour], edge, shape=shape)
    return _document(renderer)


def categories(attribute: str, entries: Mapping[str, tuple[str, str]], *, edge: str = "#8a8a8a") -> str:
    """Return the style of codes: {code: (label, colour)}."""
    renderer = Element("renderer-v2", type="categorizedSymbol", attr=attribute)
    parts = SubElement(renderer, "categories")
    for at, (code, (label, _)) in enumerate(entries.items()):
        SubElement(parts, "category", value=code, label=label, symbol=str(at), render="true", type="string")
    _symbols(renderer, [colour for _, colour in entries.values()], edge)
    return _document(renderer)


def classes(attribute: str, scale: Scale, *, edge: str = "#8a8a8a", shape: Shape = "fill") -> str:
    """Return the style of a number in the classes of a scale."""
    renderer = Element("renderer-v2", type="graduatedSymbol", attr=attribute, graduatedMethod="GraduatedColor")
    parts = SubElement(renderer, "ranges")
    edges = [-FAR, *scale.bounds, FAR]
    for at, (low, high, label) in enumerate(zip(edges, edges[1:], scale.labels(), strict=False)):
        SubElement(parts, "range", lower=repr(low), upper=repr(high), label=label, symbol=str(at), render="true")
    _symbols(renderer, scale.colours, edge, shape=shape)
    return _document(renderer)


def _symbols(renderer: Element, colours: Iterable[str], edge: str, *, shape: Shape = "fill") -> None:
    symbols = SubElement(renderer, "symbols")
    for at, colour in enumerate(colours):
        symbol = SubElement(symbols, "symbol", type=shape, name=str(at), alpha="1")
        layer = SubElement(symbol, "layer", {"class": f"Simple{shape.capitalize()}", "enabled": "1", "pass": "0"})
        options = SubElement(layer, "Option", type="Map")
        values = {
            "color": _rgba(colour), "outline_color": _rgba(edge), "outline_width": "0.1", "outline_style": "solid",
            "outline_width_unit": "MM", "style": "solid", "joinstyle": "bevel", "line_color": _rgba(colour),
            "line_width": "0.6", "line_width_unit": "MM", "name": "circle", "size": "2", "size_unit": "MM",
        }  # fmt: skip
        for name, value in values.items():
            SubElement(options, "Option", type="QString", name=name, value=value)


def _rgba(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour.lstrip("#"))
    return f"{red},{green},{blue},255"


def _document(renderer: Element) -> str:
    root = Element("qgis", version="3.28.0", styleCategories="Symbology")
    root.append(renderer)
    return HEADER + tostring(root, encoding="unicode")
