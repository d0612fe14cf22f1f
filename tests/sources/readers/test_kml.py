"""KML and KMZ: folders as layers, extended data as columns, nothing fetched, no entity expanded."""

import zipfile
from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.readers import kml
from tests.sources.planner_files import TARGET, buildings, parcels

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
RING = "120.75,30.69,0 120.751,30.69,0 120.751,30.691,0 120.75,30.69,0"
OUTER = f"<outerBoundaryIs><LinearRing><coordinates>{RING}</coordinates></LinearRing></outerBoundaryIs>"
POLYGON = f"<Polygon>{OUTER}</Polygon>"
WIDE = "120.75,30.69 120.76,30.69 120.76,30.70 120.75,30.70 120.75,30.69"
INNER = "120.753,30.693 120.756,30.693 120.756,30.696"
HOLE = (
    f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{WIDE}</coordinates></LinearRing></outerBoundaryIs>"
    f"<innerBoundaryIs><LinearRing><coordinates>{INNER}</coordinates></LinearRing></innerBoundaryIs></Polygon>"
)
DATA = '<ExtendedData><Data name="层数"><value>6</value></Data></ExtendedData>'
LINE = "<LineString><coordinates>120.75,30.69 120.76,30.70</coordinates></LineString>"
OVERLAY = "<GroundOverlay><Icon><href>http://127.0.0.1:9/a.png</href></Icon></GroundOverlay>"
FOLDERS = (
    f"{HEAD}{OVERLAY}<NetworkLink><Link><href>http://127.0.0.1:9/b.kml</href></Link></NetworkLink>"
    "<Folder><name>现状建筑</name>"
    f"<Placemark><name>J1</name>{DATA}{POLYGON}</Placemark>"
    f'<Placemark><name>J2</name><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="高度">24米</SimpleData>'
    f"</SchemaData></ExtendedData><MultiGeometry>{HOLE}</MultiGeometry></Placemark></Folder>"
    f"<Folder><name>道路</name><Placemark><name>一路</name>{LINE}</Placemark></Folder></Document></kml>"
)


def read(path: Path, role: str = "buildings", *, limits: Limits | None = None, **said: object) -> Reading:
    return kml.read(path, role, kml.Options.model_validate(said), TARGET, limits=limits or Limits())


def column(reading: Reading, name: str) -> SourceLayer:
    return next(found for found in reading.layers if found.var.name == name)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def fault(path: Path, **said: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read(path, **said)  # type: ignore[arg-type]
    assert path.name in caught.value.say("zh")
    return caught.value


def test_a_folder_is_a_layer_and_extended_data_are_columns(tmp_path: Path) -> None:
    reading = read(written(tmp_path / "图.kml", FOLDERS), sheet="现状建筑")
    assert column(reading, "floors").value.iloc[0] == 6
    assert column(reading, "height").value.iloc[1] == 24.0
    assert column(reading, "buildings").value.crs.to_epsg() == 4549
    assert [len(shape.interiors) for shape in column(reading, "buildings").value.explode().array] == [0, 1]


def test_overlays_and_links_are_left_out_and_told(tmp_path: Path) -> None:
    told = {finding.text: finding for finding in read(written(tmp_path / "a.kml", FOLDERS), sheet="现状建筑").findings}
    assert told["intake.kml_left_out"].count == 2
    assert told["intake.kml_left_out"].values["kinds"] == ["GroundOverlay", "NetworkLink"]


def test_folders_without_a_name_in_the_study_are_read_as_one_and_told(tmp_path: Path) -> None:
    reading = read(written(tmp_path / "a.kml", FOLDERS))
    assert len(column(reading, "buildings").value) == 3
    assert "intake.kml_folders" in {finding.text for finding in reading.findings}
    assert fault(tmp_path / "a.kml", sheet="绿地").text == "intake.layer_absent"


def test_what_other_programs_write_is_read(tmp_path: Path) -> None:
    for driver in ("KML", "LIBKML"):
        path = tmp_path / f"{driver}.kml"
        buildings().to_crs(4326).to_file(path, driver=driver, engine="pyogrio")
        reading = read(path)
        assert column(reading, "floors").value.tolist()[3:] == [11, 18]
        assert column(reading, "buildings").value.area.sum() == pytest.approx(buildings().area.sum(), rel=1e-4)


def test_a_kmz_is_unpacked_to_its_main_document_only(tmp_path: Path) -> None:
    path = tmp_path / "图.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("files/other.kml", HEAD + "</Document></kml>")
        archive.writestr("doc.kml", FOLDERS)
        archive.writestr("files/a.png", b"\x89PNG")
    assert len(column(read(path), "buildings").value) == 3
    assert {each.layer: each.kind for each in kml.peek(path)} == {"现状建筑": "polygon", "道路": "line"}
    assert "层数" in kml.peek(path)[0].columns


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>',
    ],
)
def test_entities_are_refused(tmp_path: Path, head: str) -> None:
    text = f"<?xml version='1.0'?>{head}<kml><Placemark><name>&a;</name>{POLYGON}</Placemark></kml>"
    assert fault(written(tmp_path / "a.kml", text)).text == "intake.xml_entities"


def test_broken_other_and_oversized_files_are_told(tmp_path: Path) -> None:
    assert fault(written(tmp_path / "cut.kml", FOLDERS[:-200])).text == "intake.xml_broken"
    assert fault(written(tmp_path / "page.kml", "<!doctype html><html></html>")).text == "intake.disguised_page"
    assert fault(written(tmp_path / "vrt.kml", "<OGRVRTDataSource/>")).values["got"] == "VRT"
    assert fault(written(tmp_path / "b.kml", "hello")).text == "intake.not_this_format"
    assert fault(written(tmp_path / "e.kml", f"{HEAD}</Document></kml>")).text == "intake.no_geometry"
    assert fault(written(tmp_path / "x.kml", FOLDERS.replace("120.76,30.70", "a,b"))).text == "intake.kml_coordinates"
    deep = f"{HEAD}{'<Folder>' * 300}"
    assert fault(written(tmp_path / "deep.kml", deep)).values["why"] == "nesting"
    whole = written(tmp_path / "whole.kml", FOLDERS)
    assert fault(whole, limits=Limits(features=2)).text == "intake.too_many_features"
    assert fault(whole, limits=Limits(vertices=3)).text == "intake.too_many_vertices"


def test_shapes_that_cannot_be_built_are_told(tmp_path: Path) -> None:
    flat = POLYGON.replace(RING, "120.75,30.69 120.751,30.69")
    text = f"{HEAD}<Placemark>{flat}</Placemark><Placemark>{POLYGON}</Placemark></Document></kml>"
    reading = read(written(tmp_path / "a.kml", text))
    assert len(column(reading, "buildings").value) == 1
    assert {finding.text: finding.count for finding in reading.findings}["intake.kml_broken"] == 1


def test_parcels_keep_their_controls(tmp_path: Path) -> None:
    path = tmp_path / "地块.kml"
    parcels().to_crs(4326).to_file(path, driver="LIBKML", engine="pyogrio")
    reading = read(path, "parcels")
    assert list(column(reading, "land_use").value) == ["070102", "0902", "1401", "1701"]
