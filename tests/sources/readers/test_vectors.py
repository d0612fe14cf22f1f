"""GeoPackages with layers named unlike the file, and GeoJSON."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Polygon, box

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.readers import geojson, geopackage
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, buildings, parcels, streets

LIMITS = Limits()


def package(path: Path, role: str, *, limits: Limits = LIMITS, **said: object) -> Reading:
    return geopackage.read(path, role, geopackage.Options.model_validate(said), TARGET, limits=limits)


def test_the_only_layer_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "数据.gpkg"
    buildings().to_file(path, layer="现状")
    reading = package(path, "buildings")
    assert len(reading.layers[0].value) == 5
    assert "intake.layer_chosen" in {finding.text for finding in reading.findings}


def test_of_several_layers_one_must_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    parcels().to_file(path, layer="一")
    streets().to_file(path, layer="二")
    with pytest.raises(InputError) as caught:
        package(path, "streets")
    assert caught.value.text == "intake.layer_ambiguous"
    assert len(package(path, "streets", sheet="二").layers[0].value) == 2
    with pytest.raises(InputError) as caught:
        package(path, "streets", sheet="三")
    assert caught.value.text == "intake.layer_absent"


def test_features_come_to_the_studys_crs(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    parcels().to_crs(4490).to_file(path)
    shapes = package(path, "parcels").layers[0].value
    assert shapes.crs.to_epsg() == 4549
    assert shapes.area.sum() == pytest.approx(4e4, rel=1e-6)


def test_empty_layers_other_files_and_limits(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    parcels().iloc[:0].to_file(path)
    with pytest.raises(InputError) as caught:
        package(path, "parcels")
    assert caught.value.text == "intake.layer_empty"
    fake = tmp_path / "b.gpkg"
    fake.write_bytes(b"PK\x03\x04 not a database")
    with pytest.raises(InputError) as caught:
        package(fake, "parcels")
    assert caught.value.text == "intake.disguised"
    assert "ZIP" in caught.value.say("zh")
    many = tmp_path / "c.gpkg"
    parcels().to_file(many)
    with pytest.raises(InputError) as caught:
        package(many, "parcels", limits=Limits(features=3))
    assert caught.value.text == "intake.too_many_features"
    with pytest.raises(InputError) as caught:
        package(many, "parcels", limits=Limits(vertices=3))
    assert caught.value.text == "intake.too_many_vertices"


def test_openstreetmap_tags_become_land_uses(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"landuse": ["residential", "", "grass"], "natural": ["", "water", ""], "name": ["甲", "乙", "丙"]},
        geometry=[box(WEST + 10 * n, SOUTH, WEST + 10 * n + 9, SOUTH + 9) for n in range(3)],
        crs=CRS,
    )
    path = tmp_path / "a.gpkg"
    frame.to_file(path)
    reading = package(path, "parcels")
    land_use = next(found for found in reading.layers if found.var.name == "land_use")
    assert list(land_use.value) == ["07", "17", "14"]
    assert "intake.code_coarse" in {finding.text for finding in reading.findings}


def test_geojson_is_wgs84_and_must_be_json(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    ring = [[120.75, 30.69], [120.751, 30.69], [120.751, 30.691], [120.75, 30.69]]
    feature = {
        "type": "Feature",
        "properties": {"建筑高度": "24米"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False), encoding="utf-8"
    )
    reading = geojson.read(path, "buildings", geojson.Options(), TARGET, limits=LIMITS)
    assert reading.layers[0].value.area.iloc[0] == pytest.approx(5309, rel=0.01)
    assert next(found for found in reading.layers if found.var.name == "height").value.iloc[0] == 24.0
    path.write_bytes(b"\x89PNG")
    with pytest.raises(InputError) as caught:
        geojson.read(path, "buildings", geojson.Options(), TARGET, limits=LIMITS)
    assert caught.value.text == "intake.disguised"
    assert "PNG" in caught.value.say("en")


def test_shapes_with_z_lose_it(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    tall = Polygon([(WEST, SOUTH, 5.0), (WEST + 9, SOUTH, 5.0), (WEST + 9, SOUTH + 9, 5.0)])
    gpd.GeoDataFrame({"层数": [3]}, geometry=[tall], crs=CRS).to_file(path)
    assert not package(path, "buildings").layers[0].value.has_z.any()
