"""Coordinate systems: codes and WKT only; candidates where there is none; grids that nest."""

import csv
from pathlib import Path

import pytest
from pyproj import CRS, Transformer

from citybraid.core.errors import InputError
from citybraid.sources.placement.crs import datum_row, parse_crs, transformer
from citybraid.sources.placement.zones import (
    MERIDIANS,
    SIX_DEGREE,
    THREE_DEGREE,
    Zone,
    candidates,
    prefixed_zone,
    three_degree,
    utm,
    zone_of,
)
from citybraid.sources.protocol.target import Target


@pytest.mark.parametrize("text", ["EPSG:4549", " epsg:4549 ", "4549", CRS.from_epsg(4549).to_wkt()])
def test_codes_and_wkt_are_taken(text: str) -> None:
    assert parse_crs(text, name="a").equals(CRS.from_epsg(4549))


def test_a_transformer_is_found_once_and_gives_the_same_bits_whatever_it_was_used_for() -> None:
    """Points of another zone, none and infinite ones in between change nothing; axis order and direction count."""
    source, degrees = CRS.from_epsg(4549), CRS.from_epsg(4326)
    kept = transformer(source, degrees)
    fresh = Transformer.from_crs(source, degrees, always_xy=True)
    points = ([500_000.0, 572_000.0, 480_000.5], [3_397_000.0, 3_400_100.25, 2_500_000.0])
    kept.transform([5e6, float("nan"), float("inf"), 0.0], [1e7, 0.0, float("inf"), -3e6])
    assert kept.transform(*points) == fresh.transform(*points)
    assert transformer(CRS.from_wkt(source.to_wkt()), CRS.from_epsg(4326)) is kept
    back = transformer(degrees, source)
    assert back is not kept
    assert list(map(list, back.transform(*kept.transform(*points)))) == [
        pytest.approx(each, abs=1e-6) for each in points
    ]
    assert transformer(CRS.from_epsg(4548), degrees) is not kept


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("http://example.org/4549", "intake.crs_form"), ("https://spatialreference.org/4549/", "intake.crs_form"),
        ("+proj=tmerc +nadgrids=@/etc/passwd", "intake.crs_form"), ("/etc/passwd", "intake.crs_form"),
        ("", "intake.crs_form"), ("EPSG:999999", "intake.crs_unknown"), ("PROJCS[broken", "intake.crs_unknown"),
        ("PROJCS[" + "x" * 5000, "intake.crs_long"),
        ('{"$schema": "https://proj.org/schemas/v0.7/projjson.schema.json"}', "intake.crs_form"),
    ],
)  # fmt: skip
def test_everything_else_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_crs(text, name="a")
    assert caught.value.text == problem


@pytest.mark.parametrize(
    ("code", "east"), [(4549, 120.75), (4545, 108.95), (4548, 118.15), (4528, 120.75), (4527, 116.0)]
)
def test_candidates_hold_the_truth(code: int, east: float) -> None:
    x, y = Transformer.from_crs(4490, code, always_xy=True).transform(east, 30.7)
    found = candidates((x - 1000, y - 1000, x + 1000, y + 1000))
    assert any(each.startswith(f"EPSG:{code} ") for each in found)
    assert candidates((east, 30.0, east + 0.1, 30.1)) == ("EPSG:4490", "EPSG:4326")
    assert candidates((-5e7, 0, 5e7, 1)) == ()


def test_every_candidate_has_the_meridian_it_says() -> None:
    for bounds in ((4e5, 3e6, 6e5, 4e6), (40.4e6, 3e6, 40.6e6, 4e6), (20.4e6, 3e6, 20.6e6, 4e6)):
        for each in candidates(bounds):
            code, meridian = each.removeprefix("EPSG:").removesuffix("E)").split(" (")
            operation = CRS.from_epsg(int(code)).coordinate_operation
            assert operation is not None
            said = {part.name: part.value for part in operation.params}
            assert float(said["Longitude of natural origin"]) == float(meridian)


def test_grids_nest_on_one_origin() -> None:
    target = Target("EPSG:4549", 5.0, buffer=40.0, whole=20.0).placed((1003.0, 2001.0, 1501.0, 2499.0))
    assert target.base is not None
    assert target.base.shape[0] % 4 == target.base.shape[1] % 4 == 0
    west, south, east, north = target.base.boundingbox.bbox
    assert west <= 963
    assert south <= 1961
    assert east >= 1541
    assert north >= 2539
    coarse = target.grid_for(28.29)
    assert float(coarse.resolution.x) == 30.0
    assert (coarse.affine.c, coarse.affine.f) == (target.base.affine.c, target.base.affine.f)
    assert coarse.boundingbox.bbox[2] >= east
    assert target.grid_for(5.09) == target.base
    assert float(target.grid_for(5.2).resolution.x) == 10.0


def test_every_zone_has_the_code_that_says_so() -> None:
    for meridian in MERIDIANS:
        zone = zone_of(CRS.from_epsg(int(three_degree(meridian)[5:])))
        assert zone == Zone(meridian, 1.0, 500_000.0)
    for number in (*THREE_DEGREE, *SIX_DEGREE):
        zone = zone_of(CRS.from_epsg(int(prefixed_zone(number)[5:])))
        assert zone is not None
        assert zone.prefixed
        assert zone.false_easting == number * 1e6 + 500_000
        assert zone.meridian == (3 * number if number in THREE_DEGREE else 6 * number - 3)
    assert (prefixed_zone(12), prefixed_zone(46), three_degree(121.5)) == ("", "", "")
    assert [utm(120.7), utm(106.8, south=True), utm(179.9)] == ["EPSG:32651", "EPSG:32748", "EPSG:32660"]
    assert zone_of(CRS.from_epsg(3857)) is None
    assert zone_of(CRS.from_epsg(4490)) is None


@pytest.mark.case("facts/crs_cgcs2000.csv")
def test_the_pilots_lie_in_the_zones_that_are_on_record(cases: Path) -> None:
    with (cases / "facts" / "crs_cgcs2000.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["lon_centre"] and row["epsg_3deg_cm"]]
    assert len(rows) >= 5
    for row in rows:
        there = Transformer.from_crs(4490, int(row["epsg_3deg_cm"]), always_xy=True)
        x, y = there.transform(float(row["lon_centre"]), 31.0)
        first = candidates((x - 500, y - 500, x + 500, y + 500), (float(row["lon_centre"]), 31.0))[0]
        assert first.startswith(f"EPSG:{row['epsg_3deg_cm']} ")
        zone = zone_of(CRS.from_epsg(int(row["epsg_3deg_zone"])))
        assert zone is not None
        assert three_degree(zone.meridian) == f"EPSG:{row['epsg_3deg_cm']}"


def test_what_is_known_of_datums() -> None:
    known = {code: datum_row(CRS.from_epsg(code)) for code in (4549, 32651, 2437, 2382, 27700)}
    metres = {code: None if row is None else row.metres for code, row in known.items()}
    assert metres == {4549: 0.0, 32651: 1.0, 2437: 80.0, 2382: 150.0, 27700: None}
