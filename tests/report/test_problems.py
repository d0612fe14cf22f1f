"""The GeoPackage of problems: layers by kind, texts in both languages, styles inside, never half-written."""

import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio
import pytest
from shapely.geometry import GeometryCollection, LinearRing, LineString, MultiPoint, Point, Polygon, box

from citybraid.report.exports.problems import COLUMNS, write_problems
from citybraid.sources.protocol.problem import Problem

CRS = "EPSG:4549"
MIXED = GeometryCollection([box(0, 0, 2, 2), LineString([(0, 0), (5, 5)]), MultiPoint([(1, 1), (2, 2)])])
LAYERS = {"problems_polygon", "problems_line", "problems_point"}


def problem(shape: object, *, row: str = "A-01", mended: bool = False) -> Problem:
    return Problem("report.problem_open", "parcels", row, shape, mended=mended)  # type: ignore[arg-type]  # any shape


def test_parts_of_a_fault_go_to_the_layers_of_their_kind(tmp_path: Path) -> None:
    told = [
        problem(MIXED),
        problem(Point(9, 9), row="地块", mended=True),
        problem(LinearRing([(0, 0), (1, 0), (1, 1)])),
    ]
    path = write_problems(told, tmp_path / "新 文件夹" / "problems.gpkg", CRS)
    frames = {name: pyogrio.read_dataframe(path, layer=name) for name in LAYERS}
    assert {name: len(frame) for name, frame in frames.items()} == {
        "problems_polygon": 1, "problems_line": 2, "problems_point": 2,
    }  # fmt: skip
    points = frames["problems_point"]
    assert set(COLUMNS) <= set(points.columns)
    assert list(points["row"]) == ["A-01", "地块"]
    assert list(points["mended"]) == [False, True]
    assert points["text_en"][0] != points["text_zh"][0]
    assert {frame.crs.to_epsg() for frame in frames.values()} == {4549}
    assert [entry.name for entry in path.parent.iterdir()] == ["problems.gpkg"]


def test_every_layer_carries_its_style(tmp_path: Path) -> None:
    path = write_problems([problem(MIXED)], tmp_path / "problems.gpkg", CRS)
    with closing(sqlite3.connect(path)) as base:
        rows = base.execute("SELECT f_table_name, styleQML, useAsDefault FROM layer_styles").fetchall()
    assert {name for name, _, _ in rows} == LAYERS
    for name, qml, default in rows:
        root = ET.fromstring(qml.partition("\n")[2])  # noqa: S314  # our own text
        symbols = root.findall("renderer-v2/symbols/symbol")
        assert [symbol.get("type") for symbol in symbols] == [{"polygon": "fill", "line": "line", "point": "marker"}[
            name.removeprefix("problems_")]] * 2  # fmt: skip
        assert [entry.get("value") for entry in root.findall("renderer-v2/categories/category")] == ["false", "true"]
        assert default


def test_what_has_no_place_stands_in_a_table_and_nothing_leaves_empty_layers(tmp_path: Path) -> None:
    path = write_problems([problem(Polygon(), row="空")], tmp_path / "problems.gpkg", CRS)
    assert list(pyogrio.read_dataframe(path, layer="problems_without_place")["row"]) == ["空"]
    write_problems([], path, CRS)
    names = dict(pyogrio.list_layers(path).tolist())
    assert set(names) >= LAYERS
    assert "problems_without_place" not in names
    assert names["problems_line"] == "MultiLineString"
    assert len(pyogrio.read_dataframe(path, layer="problems_polygon")) == 0


def test_an_older_file_stays_whole_where_writing_fails(tmp_path: Path) -> None:
    path = write_problems([problem(MIXED)], tmp_path / "problems.gpkg", CRS)
    before = path.read_bytes()
    with pytest.raises(KeyError):
        write_problems([Problem("no.such_text", "parcels", "A", box(0, 0, 1, 1))], path, CRS)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["problems.gpkg"]
