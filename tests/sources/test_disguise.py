"""What a file really is, whatever its name says."""

import zipfile
from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.text.file_signature import MAGICS, detect_format, raise_wrong_format, require_magic

TEXTS = {
    "<?xml version='1.0'?>\n<!-- made by hand -->\n<kml xmlns='x'>": "KML",
    "<!DOCTYPE html PUBLIC '-//W3C'>\n<html>": "HTML",
    "\ufeff  <HTML><body>404": "HTML",
    "<VRTDataset rasterXSize='1'>": "VRT",
    "<OGRVRTDataSource><OGRVRTLayer/>": "VRT",
    "<wfs:FeatureCollection xmlns:wfs='x'>": "GML",
    "<ogc:ServiceExceptionReport>": "XML (a server's error)",
    "<plist>": "XML",
    '{"type":"Topology"}': "TopoJSON",
    '{"type": "CityJSON", "version": "2.0"}': "CityJSON",
    '{"type":"FeatureCollection","features":[]}': "GeoJSON",
    '{"rows":[]}': "JSON",
    "0\r\nSECTION\r\n": "DXF",
    "hello": "",
    "": "",
}


@pytest.mark.parametrize(("text", "format_"), TEXTS.items())
def test_texts(tmp_path: Path, text: str, format_: str) -> None:
    (tmp_path / "a").write_text(text, encoding="utf-8", newline="")
    assert detect_format(tmp_path / "a") == format_


@pytest.mark.parametrize(("magic", "format_"), [pair for pair in MAGICS if pair[1] not in ("ZIP", "SQLite")])
def test_magic_bytes(tmp_path: Path, magic: bytes, format_: str) -> None:
    (tmp_path / "a").write_bytes(magic + b"rest")
    assert detect_format(tmp_path / "a") == format_


def test_what_packs_and_what_is_a_database(tmp_path: Path) -> None:
    for member, format_ in (("xl/workbook.xml", "XLSX"), ("doc.kml", "KMZ"), ("a.shp", "ZIP")):
        with zipfile.ZipFile(tmp_path / "a", "w") as archive:
            archive.writestr(member, "x")
        assert detect_format(tmp_path / "a") == format_
    (tmp_path / "a").write_bytes(b"PK\x03\x04 cut")
    assert detect_format(tmp_path / "a") == "ZIP"
    head = b"SQLite format 3\x00".ljust(68, b"\x00")
    for mark, format_ in ((b"GPKG", "GeoPackage"), (bytes(4), "SQLite")):
        (tmp_path / "a").write_bytes(head + mark)
        assert detect_format(tmp_path / "a") == format_


def test_the_message_names_it_in_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "地块.shp"
    for content, text in (
        (b"PK\x03\x04", "intake.disguised"),
        (b"<html>", "intake.disguised_page"),
        (bytes(99), "intake.disguised_zeros"),
        (b"hello", "intake.not_this_format"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError) as caught:
            raise_wrong_format(path, "Shapefile")
        assert caught.value.text == text
        assert "地块.shp" in caught.value.say("en")
        assert "地块.shp" in caught.value.say("zh")
    path.write_bytes(b"PAR1")
    require_magic(path, b"PAR1", "Parquet")
