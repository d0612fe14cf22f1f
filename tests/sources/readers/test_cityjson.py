"""CityJSON of three versions: footprints, heights, parts, broken models told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.readers import cityjson, geojson
from tests.sources.planner_files import SOUTH, TARGET, WEST

URL = "https://www.opengis.net/def/crs/EPSG/0/4549"


def block(first: int) -> list[list[list[int]]]:
    """Faces of a box whose eight vertices start at a number: foot, top, four walls."""
    foot, top = [first, first + 3, first + 2, first + 1], [first + 4, first + 5, first + 6, first + 7]
    walls = [[first + n, first + (n + 1) % 4, first + 4 + (n + 1) % 4, first + 4 + n] for n in range(4)]
    return [[ring] for ring in (foot, top, *walls)]


def corners(x: int, y: int, side: int, height: int) -> list[list[int]]:
    ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    return [[east * 1000, north * 1000, z * 1000] for z in (0, height) for east, north in ring]


def model() -> dict[str, Any]:
    """A building of two parts with ground surfaces, one without semantics, one of LoD 0, a pond, a tree."""
    kinds = [{"type": kind} for kind in ("GroundSurface", "RoofSurface", "WallSurface")]
    semantics = {"surfaces": kinds, "values": [[0, 1, 2, 2, 2, 2]]}
    solid = {"type": "Solid", "lod": "2", "boundaries": [block(0)], "semantics": semantics}
    other = {"type": "Solid", "lod": "2", "boundaries": [block(8)], "semantics": semantics}
    pond = {"type": "MultiSurface", "lod": "1", "boundaries": [block(8)[1]]}
    return {
        "type": "CityJSON",
        "version": "1.1",
        "transform": {"scale": [0.001] * 3, "translate": [WEST, SOUTH, 5.0]},
        "metadata": {"referenceSystem": URL},
        "CityObjects": {
            "甲": {
                "type": "Building",
                "attributes": {"storeysAboveGround": 6, "yearOfConstruction": 1998, "function": "住宅"},
                "children": ["甲-1", "甲-2"],
            },
            "甲-1": {"type": "BuildingPart", "parents": ["甲"], "geometry": [solid]},
            "甲-2": {"type": "BuildingPart", "parents": ["甲"], "geometry": [other]},
            "乙": {
                "type": "Building",
                "attributes": {"measuredHeight": 9.5},
                "geometry": [{"type": "MultiSurface", "lod": 1.2, "boundaries": block(16)}],
            },
            "丙": {
                "type": "Building",
                "attributes": {},
                "geometry": [{"type": "MultiSurface", "lod": "0", "boundaries": [block(16)[0]]}],
            },
            "池": {"type": "WaterBody", "geometry": [pond]},
            "树": {"type": "SolitaryVegetationObject"},
        },
        "vertices": [*corners(0, 0, 20, 18), *corners(20, 0, 10, 12), *corners(50, 50, 10, 9)],
    }


def written(path: Path, change: Callable[[dict[str, Any]], object] = len) -> Path:
    said = model()
    change(said)
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path


def read(path: Path, role: str = "buildings", **said: object) -> Reading:
    return cityjson.read(path, role, cityjson.Options.model_validate(said), TARGET, limits=Limits())


def column(reading: Reading, name: str) -> SourceLayer:
    return next(found for found in reading.layers if found.var.name == name)


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_footprints_heights_and_attributes(tmp_path: Path, version: str) -> None:
    reading = read(written(tmp_path / "模型.city.json", lambda said: said.update(version=version)))
    shapes = column(reading, "buildings").value
    assert shapes.area.round(6).to_dict() == {"甲": 500.0, "乙": 100.0, "丙": 100.0}
    assert shapes["甲"].bounds == pytest.approx((WEST, SOUTH, WEST + 30, SOUTH + 20))
    assert column(reading, "height").value.dropna().to_dict() == {"甲": 18.0, "乙": 9.5}
    assert column(reading, "floors").value["甲"] == 6
    assert column(reading, "year_built").value["甲"] == 1998
    assert column(reading, "building_use").value["甲"] == "residential"


def test_how_each_was_found_is_told(tmp_path: Path) -> None:
    told = {finding.text: finding for finding in read(written(tmp_path / "a.city.json")).findings}
    assert dict(told["intake.city_feet"].values) | {"name": ""} == {"name": "", "ground": 1, "lod0": 1, "lowest": 1}
    assert told["intake.city_height"].count == 1
    assert told["intake.city_left_out"].values["kinds"] == ["WaterBody 1", "SolitaryVegetationObject 1"]


def test_water_is_ground_and_other_roles_are_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.city.json")
    assert list(column(read(path, "ground"), "land_use").value) == ["17"]
    with pytest.raises(InputError) as caught:
        read(path, "streets")
    assert caught.value.text == "intake.city_role"


def test_plain_json_is_recognised_and_the_longer_suffix_has_its_reader(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json")
    reading = geojson.read(path, "buildings", geojson.Options(), TARGET, limits=Limits())
    assert len(column(reading, "buildings").value) == 3
    assert [each.layer for each in geojson.peek(path)] == ["buildings", "ground"]
    assert reader_for(Path("a.city.json")).module is cityjson


def test_vertices_without_transform_and_a_crs_named_by_the_study(tmp_path: Path) -> None:
    def plain(said: dict[str, Any]) -> None:
        del said["transform"], said["metadata"]
        said["vertices"] = [[WEST + x / 1000, SOUTH + y / 1000, z / 1000] for x, y, z in said["vertices"]]

    path = written(tmp_path / "a.city.json", plain)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.text == "intake.crs_missing"
    assert column(read(path, crs="EPSG:4549"), "buildings").value.area.sum() == pytest.approx(700.0)


BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "intake.city_version": lambda said: said.update(version="3.0"),
    "intake.crs_form": lambda said: said.update(metadata={"referenceSystem": "http://127.0.0.1:9/crs"}),
    "intake.crs_unknown": lambda said: said.update(metadata={"referenceSystem": "EPSG:999999"}),
    "intake.city_broken": lambda said: said.update(vertices=said["vertices"][:4]),
    "intake.city_nothing": lambda said: said.update(CityObjects={}),
    "intake.not_this_format": lambda said: said.update(type="City"),
}


@pytest.mark.parametrize("text", BROKEN)
def test_broken_models_are_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(written(tmp_path / "a.city.json", BROKEN[text]))
    assert caught.value.text == text
    assert caught.value.say("en") != caught.value.say("zh")


@pytest.mark.parametrize("vertices", [[[float("nan")] * 3], [["a", "b", "c"]], [[1, 2]], {"a": 1}, [[1e999, 0, 0]]])
def test_numbers_that_are_none_are_told(tmp_path: Path, vertices: object) -> None:
    with pytest.raises(InputError) as caught:
        read(written(tmp_path / "a.city.json", lambda said: said.update(vertices=vertices)))
    assert caught.value.text == "intake.city_broken"


def test_a_ring_of_parents_and_children_ends(tmp_path: Path) -> None:
    def ring(said: dict[str, Any]) -> None:
        said["CityObjects"]["乙"]["children"] = ["乙", "甲-1"]

    assert len(column(read(written(tmp_path / "a.city.json", ring)), "buildings").value) == 3
    (tmp_path / "deep.city.json").write_text("{" + '"a":[' * 100_000, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "deep.city.json")
    assert caught.value.text == "intake.unreadable"
