"""The layers of a file on the command line: as a table, as JSON, as a picture."""

import json
from pathlib import Path

import pytest
from PIL import Image

from citybraid.core.errors import InputError
from citybraid.core.rows.intake import ForeignFormat
from citybraid.core.tables import read_table
from citybraid.core.text import known
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.protocol.discovery import reader_for
from tests import commands
from tests.sources.planner_files import drawing, new_drawing, parcels
from tests.sources.readers.drawings import at, draw, ring, write


def layers(*words: str) -> commands.Done:
    return commands.citybraid("layers", *words)


def test_a_drawing_as_table_and_picture(tmp_path: Path) -> None:
    path = drawing(tmp_path / "控规 图.dxf")
    done = layers(str(path), "--png", str(tmp_path / "图层.png"), "--lang", "zh")
    assert done.returncode == 0, done.stderr
    for said in ("用地边界", "LWPOLYLINE 4", "parcels", "文字标注", "gb18030", "A-01-01"):
        assert said in done.stdout, done.stdout
    with Image.open(tmp_path / "图层.png") as picture:
        assert picture.width > 1000
        assert len(picture.convert("RGB").resize((200, 140)).getcolors(30_000) or []) > 10


def test_a_drawing_as_json(tmp_path: Path) -> None:
    document = new_drawing()
    for number in range(4):
        draw(document, ring(200.0 * number), "1")
        write(document, f"A-01-0{number}", 200.0 * number + 10, 10, "2")
        write(document, "容积率 2.0", 200.0 * number + 10, 20, "2")
    document.layers.add("旧").freeze()
    draw(document, ring(0, 500), "旧")
    document.modelspace().add_line(at(0, 0), at(3, 4), dxfattribs={"layer": "道路中心线"})
    path = tmp_path / "a.dxf"
    document.saveas(path)
    done = layers(str(path), "--json")
    told = json.loads(done.stdout)
    by_name = {layer["name"]: layer for layer in told["layers"]}
    assert (told["unit"], told["encoding"]) == ("m", "utf-8")
    assert by_name["1"]["kinds"] == {"LWPOLYLINE": 4}
    assert by_name["1"]["area"] == pytest.approx(40_000)
    assert by_name["1"]["length"] == pytest.approx(1600)
    assert (by_name["1"]["role"], by_name["1"]["reason"]) == ("parcels", "drawing.reason_content")
    assert by_name["2"]["samples"][0] == "A-01-00"
    assert by_name["2"]["role"] == ""
    assert by_name["旧"]["state"] == "frozen"
    assert by_name["道路中心线"]["role"] == "streets"
    assert by_name["道路中心线"]["length"] == pytest.approx(5.0)


def test_other_files_list_their_layers_and_columns(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "a.gpkg", driver="GPKG", layer="地块")
    done = layers(str(tmp_path / "a.gpkg"))
    for said in ("地块", "polygon", "EPSG:4549", "容积率"):
        assert said in done.stdout
    told = json.loads(layers(str(tmp_path / "a.gpkg"), "--json").stdout)
    assert told[0]["count"] == 4
    refused = layers(str(tmp_path / "a.gpkg"), "--png", str(tmp_path / "a.png"))
    assert refused.returncode == 2
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize("row", read_table(ForeignFormat), ids=lambda row: str(row.suffix))
def test_other_formats_are_refused_with_how_to_export(row: ForeignFormat) -> None:
    with pytest.raises(InputError) as caught:
        reader_for(Path(f"图{row.suffix}"))
    assert caught.value.text == row.text
    assert known(row.text)
    for language in ("en", "zh"):
        assert any(kept in caught.value.say(language) for kept in ("DXF", "GeoPackage", "GeoTIFF", "XLSX", "ZIP"))


def test_parts_of_a_table_or_a_picture_are_told_once_and_a_stray_is_told(tmp_path: Path) -> None:
    """Each of seven files was told with the list of all formats."""
    for name in ("parcels.tab", "parcels.dat", "parcels.map", "parcels.id", "现状图.jpg", "现状图.jgw", "stray.dat"):
        (tmp_path / name).write_bytes(b"x")
    told = {guess.path.name: guess.reason for guess in guess_roles(tmp_path)}
    assert told == {
        "parcels.tab": "intake.foreign_mapinfo", "现状图.jpg": "intake.foreign_picture",
        "stray.dat": "intake.format_unknown",
    }  # fmt: skip


def test_dwg_is_told_for_one_file_and_for_many(tmp_path: Path) -> None:
    path = tmp_path / "a.dwg"
    path.write_bytes(b"AC1032")
    done = layers(str(path))
    assert done.returncode == 2
    for said in ("AutoCAD 2018 DXF", "ODAFileConverter", "accoreconsole", "_DXFOUT"):
        assert done.stderr.count(said) >= 2
