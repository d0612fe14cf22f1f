"""Geometry problems as a GeoPackage to open in QGIS: message, place, and whether intake repaired them."""

import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely.geometry import MultiLineString, MultiPoint, MultiPolygon
from shapely.geometry.base import BaseGeometry

from citybraid.core.text import say
from citybraid.report.exports.disk import disk_faults
from citybraid.report.exports.geopackage import ADD, REGISTER, STYLE_TABLE
from citybraid.report.exports.qml import HEADER
from citybraid.sources.protocol.problem import Problem

KINDS = ("polygon", "line", "point")
"""The layers, in the order in which QGIS lists them; the last lies on top."""
GEOMETRY = {"polygon": "MultiPolygon", "line": "MultiLineString", "point": "MultiPoint"}
DIMENSION = {"polygon": 2, "line": 1, "point": 0}
SYMBOLS = {"polygon": ("fill", "SimpleFill"), "line": ("line", "SimpleLine"), "point": ("marker", "SimpleMarker")}
"""QGIS's name of a symbol and of its layer."""
STATES: Mapping[str, tuple[str, str]] = {
    "false": ("report.problem_open", "213,94,0"),
    "true": ("report.problem_mended", "0,114,178"),
}
"""Open problems, and those that intake repaired: text id and colour (Okabe and Ito's vermilion and blue)."""
COLUMNS = ("layer", "row", "text_en", "text_zh", "mended")


def write_problems(problems: Iterable[Problem], path: Path, crs: str) -> Path:
    """Write problems to `path` as a GeoPackage and return the path; an older file is replaced atomically.

    Three layers, problems_polygon, problems_line and problems_point, hold the parts of
    the faults by their kind in the study's CRS, each with a QGIS style; a layer without
    faults is there and empty. Problems whose shape is empty have no place and stand in
    the table problems_without_place, which is absent where there are none.
    """
    listed = list(problems)
    draft = path.with_name(f".{uuid.uuid4().hex}.gpkg")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with disk_faults(path):
            for kind in KINDS:
                pyogrio.write_dataframe(
                    _layer(listed, kind, crs), draft, layer=f"problems_{kind}", driver="GPKG", append=draft.exists(),
                    geometry_type=GEOMETRY[kind], layer_options={"GEOMETRY_NAME": "geom"},
                )  # fmt: skip
            if nowhere := [each for each in listed if each.shape.is_empty]:
                pyogrio.write_dataframe(
                    _table(nowhere), draft, layer="problems_without_place", driver="GPKG", append=True
                )
            with closing(sqlite3.connect(draft)) as connection, connection:
                connection.execute(STYLE_TABLE)
                connection.execute(REGISTER)
                connection.executemany(ADD, [(f"problems_{kind}", f"problems_{kind}", style(kind)) for kind in KINDS])
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _layer(problems: Iterable[Problem], kind: str, crs: str) -> gpd.GeoDataFrame:
    cut = [(problem, _of_dimension(problem.shape, kind)) for problem in problems]
    placed = [(problem, shape) for problem, shape in cut if not shape.is_empty]
    return gpd.GeoDataFrame(_table([each for each, _ in placed]), geometry=[shape for _, shape in placed], crs=crs)


def _table(problems: Iterable[Problem]) -> pd.DataFrame:
    rows = [(each.layer, each.row, each.say("en"), each.say("zh"), each.mended) for each in problems]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({name: bool if name == "mended" else object for name in COLUMNS})


def _of_dimension(shape: BaseGeometry, kind: str) -> BaseGeometry:
    """The parts of a shape that are areas, lines or points, as one flat shape."""
    parts = [part for group in shapely.get_parts(shapely.force_2d(shape)) for part in shapely.get_parts(group)]
    fitting = [part for part in parts if shapely.get_dimensions(part) == DIMENSION[kind] and not part.is_empty]
    if kind == "polygon":
        return MultiPolygon(fitting)
    return MultiPoint(fitting) if kind == "point" else MultiLineString([part.coords for part in fitting])


def style(kind: str) -> str:
    """Return the QGIS style of a layer of problems: one symbol for what is open, one for what was mended.

    Pointing at a shape shows its text.
    """
    root = Element("qgis", version="3.28.0", styleCategories="Symbology|MapTips")
    renderer = SubElement(root, "renderer-v2", type="categorizedSymbol", attr="mended")
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for at, (value, (text, colour)) in enumerate(STATES.items()):
        label = f"{say(text, 'zh')} · {say(text, 'en')}"
        SubElement(categories, "category", value=value, label=label, symbol=str(at), render="true", type="bool")
        symbol = SubElement(symbols, "symbol", type=SYMBOLS[kind][0], name=str(at), alpha="1")
        layer = SubElement(symbol, "layer", {"class": SYMBOLS[kind][1], "enabled": "1", "pass": "0"})
        options = SubElement(layer, "Option", type="Map")
        for name, setting in _properties(kind, colour).items():
            SubElement(options, "Option", type="QString", name=name, value=setting)
    SubElement(root, "mapTip").text = '<p>[% "text_zh" %]</p><p>[% "text_en" %]</p>'
    return HEADER + tostring(root, encoding="unicode")


def _properties(kind: str, colour: str) -> Mapping[str, str]:
    solid = f"{colour},255"
    if kind == "polygon":
        return {"color": f"{colour},90", "outline_color": solid, "outline_width": "0.5", "outline_width_unit": "MM",
                "outline_style": "solid", "style": "solid", "joinstyle": "bevel"}  # fmt: skip
    if kind == "line":
        return {"line_color": solid, "line_width": "0.8", "line_width_unit": "MM", "line_style": "solid",
                "capstyle": "round", "joinstyle": "round"}  # fmt: skip
    return {"name": "circle", "color": solid, "outline_color": "255,255,255,255", "outline_width": "0.2",
            "outline_width_unit": "MM", "size": "2.6", "size_unit": "MM"}  # fmt: skip
