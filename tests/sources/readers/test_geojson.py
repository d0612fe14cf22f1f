"""GeoJSON: a CRS by its code only, other JSON told by its name."""

import json
import socket
from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.readers import geojson
from tests.sources.planner_files import TARGET, parcels


def read(path: Path) -> Reading:
    return geojson.read(path, "parcels", geojson.Options(), TARGET, limits=Limits())


def fault(path: Path, text: str | bytes) -> InputError:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        read(path)
    return caught.value


@pytest.fixture
def plain(tmp_path: Path) -> dict[str, object]:
    parcels().to_file(tmp_path / "p.geojson", driver="GeoJSON", engine="pyogrio", RFC7946="NO")
    said: dict[str, object] = json.loads((tmp_path / "p.geojson").read_text(encoding="utf-8"))
    return said


def test_a_named_crs_of_an_older_file_is_used(tmp_path: Path, plain: dict[str, object]) -> None:
    path = tmp_path / "a.geojson"
    for name in ("urn:ogc:def:crs:EPSG::4549", "EPSG:4549"):
        path.write_text(json.dumps({**plain, "crs": {"type": "name", "properties": {"name": name}}}), encoding="utf-8")
        assert read(path).layers[0].value.area.sum() == pytest.approx(4e4)


def test_a_link_to_a_crs_is_never_followed(tmp_path: Path, plain: dict[str, object]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        link = f"http://127.0.0.1:{server.getsockname()[1]}/crs"
        for crs in (
            {"type": "link", "properties": {"href": link, "type": "ogcwkt"}},
            {"type": "name", "properties": {"name": link}},
            {"type": "name", "properties": {"name": "/etc/passwd"}},
        ):
            text = json.dumps({**plain, "crs": crs})
            assert fault(tmp_path / "a.geojson", text).text == "intake.crs_form"
            assert fault(tmp_path / "a.geojson", text.replace('"crs":', '"\\u0063rs" :')).text == "intake.crs_form"
        with pytest.raises(BlockingIOError):
            server.accept()


def test_an_attribute_called_crs_is_no_crs(tmp_path: Path) -> None:
    frame = parcels().to_crs(4326)
    frame["crs"] = "x"
    frame.to_file(tmp_path / "a.geojson", driver="GeoJSON", engine="pyogrio")
    assert len(read(tmp_path / "a.geojson").layers[0].value) == 4


def test_other_json_and_web_pages_are_told_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    assert fault(path, '{"type":"Topology","objects":{}}').values["got"] == "TopoJSON"
    assert fault(path, '{"geometryType":"esriGeometryPolygon","features":[]}').values["got"] == "Esri JSON"
    assert fault(path, "\ufeff<!DOCTYPE HTML><html>").text == "intake.disguised_page"
    assert fault(path, '{"error":"none"}').text == "intake.json_no_shapes"
    assert fault(path, bytes(64)).text == "intake.disguised_zeros"
    shape = '{"type":"Feature","properties":{"名":"甲"},"geometry":{"type":"Point","coordinates":[1,2]}}'
    assert fault(path, shape.encode("gbk")).text == "intake.not_utf8"


def test_a_file_cut_in_half_is_told_as_cut(tmp_path: Path, plain: dict[str, object]) -> None:
    whole = json.dumps(plain)
    assert fault(tmp_path / "a.geojson", whole[: len(whole) // 2]).text == "intake.json_cut"
    with pytest.raises(InputError) as caught:
        geojson.peek(tmp_path / "a.geojson")
    assert caught.value.text == "intake.json_cut"
