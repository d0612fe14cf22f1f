"""Curves in a GeoPackage: read as lines of short steps, told with how far these are off."""

import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from citybraid.sources.protocol.limits import Limits
from citybraid.sources.vector.vectors import read_table

CENTRE, RADIUS = (572_500.0, 3_397_500.0), 20.0


def points(*places: tuple[float, float]) -> bytes:
    return b"".join(struct.pack("<dd", *place) for place in places)


def circle() -> bytes:
    """A curve polygon of one circular string of two arcs."""
    x, y = CENTRE
    ring = [(x - RADIUS, y), (x, y + RADIUS), (x + RADIUS, y), (x, y - RADIUS), (x - RADIUS, y)]
    return struct.pack("<BII", 1, 10, 1) + struct.pack("<BII", 1, 8, len(ring)) + points(*ring)


def surface(shape: shapely.Polygon) -> bytes:
    ring = [(x, y) for x, y, *_ in shape.exterior.coords]
    return struct.pack("<BII", 1, 12, 1) + struct.pack("<BIII", 1, 3, 1, len(ring)) + points(*ring)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A layer of a circle, a surface and two plain polygons."""
    path = tmp_path / "地块.gpkg"
    shapes = [shapely.box(x, 3_397_000.0, x + 50.0, 3_397_050.0) for x in np.arange(572_000.0, 572_400.0, 100.0)]
    gpd.GeoDataFrame({"code": list("abcd")}, geometry=shapes, crs="EPSG:4549").to_file(path, layer="地块")
    with sqlite3.connect(path) as file:
        for (name,) in file.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            file.execute(f'drop trigger "{name}"')
        head = b"GP\x00\x01" + struct.pack("<i", 4549)
        for row, blob in ((1, circle()), (2, surface(shapes[1]))):
            file.execute('update "地块" set geom = ? where fid = ?', (head + blob, row))
        file.execute("update gpkg_geometry_columns set geometry_type_name = 'GEOMETRY'")
        file.execute('drop table "rtree_地块_geom"')
    return path


def test_a_circle_is_read_as_close_as_is_told(package: Path) -> None:
    frame, findings = read_table(package, Limits(), driver="GPKG", layer="地块")
    assert isinstance(frame, gpd.GeoDataFrame)
    (told,) = [each for each in findings if each.text == "intake.shape_curved"]
    assert told.count == 2
    assert told.values["kinds"] == ["CURVEPOLYGON", "MULTISURFACE"]
    shape, share = frame.geometry.iloc[0], frame.geometry.iloc[0].area / (np.pi * RADIUS**2)
    assert 100.0 * (1.0 - share) == pytest.approx(float(str(told.values["area"])), abs=0.005)
    off = RADIUS - shapely.distance(shape.exterior, shapely.Point(CENTRE))
    assert 0.0 < 100.0 * off / RADIUS <= float(str(told.values["off"])) + 0.005
    assert frame.area.iloc[1:].tolist() == pytest.approx([2500.0] * 3)
    assert "lines of steps of 4°" in told.say("en")
    assert "曲线" in told.say("zh")


def test_a_layer_without_curves_tells_none(tmp_path: Path) -> None:
    path = tmp_path / "plain.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4549").to_file(path)
    assert not [each for each in read_table(path, Limits(), driver="GPKG")[1] if each.text == "intake.shape_curved"]
