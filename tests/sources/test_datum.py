"""GCJ-02 and BD-09: forward as public transcriptions have it, back to within a hair, real counties that agree."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.sources.placement.datum import (
    DATUMS,
    Datum,
    WebMapDatum,
    from_wgs84,
    gcj02_of_bd09,
    parse_datum,
    unshifted,
)
from citybraid.sources.placement.web_maps import convert_to_wgs84

METRES = 111_195.0
NAMED = st.sampled_from(DATUMS)


def at(longitude: float, latitude: float) -> np.ndarray:
    return np.array([[longitude, latitude]])


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((116.404, 39.915), (116.410_244_499_169_38, 39.916_404_281_501_64)),
        ((121.527_210_6, 31.177_427_6), (121.531_541_859_215, 31.175_303_983_645_97)),
        ((113.912_316, 22.543_847), (113.917_176_480_836_3, 22.540_796_131_694_766)),
    ],
)  # fmt: skip
def test_points_that_public_transcriptions_test_themselves_by(
    wgs: tuple[float, float], gcj: tuple[float, float]
) -> None:
    assert np.abs(from_wgs84(at(*wgs), "GCJ-02") - at(*gcj)).max() < 2e-6
    assert np.abs(unshifted(at(*gcj), "GCJ-02") - at(*wgs)).max() < 2e-6


def test_baidu_stands_a_step_beyond() -> None:
    gcj = at(116.404, 39.915)
    baidu = at(116.410_369_493_710_29, 39.921_336_993_510_21)
    assert np.abs(from_wgs84(unshifted(gcj, "GCJ-02"), "BD-09") - baidu).max() < 1e-9
    assert np.abs(gcj02_of_bd09(baidu) - gcj).max() < 1e-9


@given(st.floats(73, 137), st.floats(1.5, 55), NAMED)
def test_there_and_back_is_within_a_tenth_of_a_millimetre(longitude: float, latitude: float, datum: Datum) -> None:
    point = at(longitude, latitude)
    there = from_wgs84(point, datum)
    assert METRES * np.abs(there - point).max() > 1.0
    assert np.abs(unshifted(there, datum) - point).max() < 1e-9
    assert METRES * np.abs(from_wgs84(unshifted(there, datum), datum) - there).max() < 0.1


@given(st.floats(-180, 180), st.floats(-90, 90), NAMED)
def test_outside_the_rectangle_nothing_moves(longitude: float, latitude: float, datum: Datum) -> None:
    if 71.9 < longitude < 138.0 and 0.7 < latitude < 56.0:
        return
    point = at(longitude, latitude)
    assert (from_wgs84(point, datum) == point).all()
    assert (unshifted(point, datum) == point).all()


@given(st.floats(80, 130), st.floats(20, 50))
def test_offsets_are_those_of_web_maps(longitude: float, latitude: float) -> None:
    step = (from_wgs84(at(longitude, latitude), "GCJ-02") - at(longitude, latitude))[0]
    metres = METRES * np.hypot(step[0] * np.cos(np.radians(latitude)), step[1])
    assert 10 < metres < 1200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("GCJ-02", WebMapDatum("GCJ-02")), ("gcj02", WebMapDatum("GCJ-02")), ("火星坐标", WebMapDatum("GCJ-02")),
        ("BD09", WebMapDatum("BD-09")), ("bd09ll", WebMapDatum("BD-09")), ("百度坐标系", WebMapDatum("BD-09")),
        ("GCJ-02 in EPSG:3857", WebMapDatum("GCJ-02", "EPSG:3857")), ("EPSG:4490", None), ("GCJ", None), ("", None),
    ],
)  # fmt: skip
def test_what_names_a_datum(text: str, said: WebMapDatum | None) -> None:
    assert parse_datum(text) == said


def test_metres_with_the_offset_inside() -> None:
    true = gpd.GeoSeries([shapely.box(120.70, 30.70, 120.71, 30.71)], crs=4326)
    drawn = gpd.GeoSeries(shapely.transform(true.to_numpy(), lambda p: from_wgs84(p, "GCJ-02")), crs=4326)
    for crs, said in ((4549, WebMapDatum("GCJ-02")), (3857, WebMapDatum("GCJ-02", "EPSG:3857"))):
        metres = drawn.to_crs(crs)
        back, moved = convert_to_wgs84(metres, said, CRS.from_epsg(crs), name="a")
        assert np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(true)).max() < 1e-8
        assert 450 < moved < 520
    with pytest.raises(InputError) as caught:
        convert_to_wgs84(drawn.to_crs(4549), WebMapDatum("GCJ-02"), None, name="a")
    assert caught.value.text == "intake.datum_metres"


@pytest.mark.case("data/jiaxing_datums")
def test_counties_of_two_web_maps_agree_once_converted(cases: Path) -> None:
    """Where the two maps trace the same border, BD-09 brought to GCJ-02 lies on it to metres; before, 1 km off.

    The two sets are drawn apart (another year, other generalisation, one with its sea),
    so only vertices that lie near the other's border can tell.
    """
    folder = cases / "data" / "jiaxing_datums"
    gcj = gpd.read_file(folder / "jiaxingAmap.geojson").set_index("name").geometry
    baidu = gpd.read_file(folder / "jiaxingBaidu.geojson").set_index("name").geometry
    assert len(gcj) == len(baidu) == 7
    after = _offsets(gcj, gpd.GeoSeries(shapely.transform(baidu.to_numpy(), gcj02_of_bd09), baidu.index, crs=4326))
    before = _offsets(gcj, baidu)
    near = [np.hypot(*offset.T) < 60 for offset in after]
    kept = np.vstack([offset[close] for offset, close in zip(after, near, strict=True)])
    assert len(kept) > 250
    assert sum(int((np.hypot(*offset.T) < 60).sum()) for offset in before) < len(kept) / 4
    distance = np.hypot(*kept.T)
    left = np.linalg.lstsq(kept / distance[:, None], distance, rcond=None)[0]
    assert np.median(distance) < 10
    assert np.hypot(*left) < 10


def _offsets(borders: gpd.GeoSeries, drawn: gpd.GeoSeries) -> list[np.ndarray]:
    """Each county's steps from its vertices to the other's border [m]."""
    lines, moved = borders.to_crs(4549).boundary, drawn.to_crs(4549)
    steps = []
    for name in borders.index:
        points = shapely.get_coordinates(moved[name])
        along = shapely.line_locate_point(lines[name], shapely.points(points))
        steps.append(shapely.get_coordinates(shapely.line_interpolate_point(lines[name], along)) - points)
    return steps
