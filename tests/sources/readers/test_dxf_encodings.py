"""Every way in which the letters of a drawing are written down, and drawings that are cut off."""

import re
from pathlib import Path

import pytest
from ezdxf import filemanagement

from citybraid.core.errors import InputError
from tests.sources.planner_files import new_drawing
from tests.sources.readers.drawings import PLOTS, column, draw, read, ring, told, write

PAGE = re.compile(rb" *9\r?\n\$DWGCODEPAGE\r?\n *3\r?\n[^\r\n]*\r?\n")
FAR, DENSITY = "容积率：2.5", "建筑密度≤28%"


def plan(folder: Path, version: str = "R2000", encoding: str = "gbk") -> Path:
    """A drawing of one parcel with its controls in Chinese."""
    document = filemanagement.new(version)
    document.encoding = encoding
    document.header["$INSUNITS"] = 6
    document.layers.add(PLOTS)
    draw_for = document.modelspace().add_polyline2d if version == "R12" else document.modelspace().add_lwpolyline
    draw_for(ring(), close=True, dxfattribs={"layer": PLOTS})
    for number, text in enumerate(("A-01-01", FAR, DENSITY, "070102 二类城镇住宅用地")):
        write(document, text, 10, 10 + 8 * number)
    path = folder / "规划.dxf"
    document.saveas(path)
    return path


def rewritten(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def check(path: Path, *texts: str, encoding: str = "") -> None:
    """All that the parcel's texts say arrives, and how they were read is told."""
    found = read(path, encoding=encoding)
    assert list(column(found, "plot_number").value) == ["A-01-01"]
    assert list(column(found, "floor_area_ratio").value) == [2.5]
    assert list(column(found, "building_density").value) == [0.28]
    assert list(column(found, "land_use").value) == ["070102"]
    assert set(texts) <= set(told(found)), told(found)


@pytest.mark.parametrize(
    ("version", "encoding"),
    [("R12", "gbk"), ("R2000", "gbk"), ("R2004", "gbk"), ("R2010", "utf-8"), ("R2018", "utf-8")],
)
def test_as_the_header_says(tmp_path: Path, version: str, encoding: str) -> None:
    check(plan(tmp_path, version, encoding), "intake.encoding_stated")


@pytest.mark.parametrize("version", ["R12", "R2000"])
def test_without_a_code_page(tmp_path: Path, version: str) -> None:
    path = plan(tmp_path, version)
    content = path.read_bytes()
    assert PAGE.search(content)
    check(rewritten(path, PAGE.sub(b"", content)), "intake.encoding_guessed")


def test_a_western_header_over_chinese_letters(tmp_path: Path) -> None:
    path = plan(tmp_path)
    check(rewritten(path, path.read_bytes().replace(b"ANSI_936", b"ANSI_1252")), "intake.encoding_wrong")


def test_a_chinese_header_over_utf8(tmp_path: Path) -> None:
    path = plan(tmp_path)
    check(rewritten(path, path.read_bytes().decode("gbk").encode()), "intake.encoding_wrong")


def test_a_new_drawing_in_old_bytes(tmp_path: Path) -> None:
    path = plan(tmp_path, "R2010", "utf-8")
    check(rewritten(path, path.read_bytes().decode().encode("gb18030")), "intake.encoding_wrong")


def test_two_encodings_in_one_drawing(tmp_path: Path) -> None:
    path = plan(tmp_path)
    mixed = path.read_bytes().replace(FAR.encode("gbk"), FAR.encode())
    check(rewritten(path, mixed), "intake.encoding_stated", "intake.encoding_mixed")
    path = plan(tmp_path, "R2010", "utf-8")
    mixed = path.read_bytes().replace(DENSITY.encode(), DENSITY.encode("gbk"))
    check(rewritten(path, mixed), "intake.encoding_mixed")


def test_escaped_letters(tmp_path: Path) -> None:
    path = plan(tmp_path)
    word, content = "容积率".encode("gbk"), path.read_bytes()
    assert word in content
    by_number = "".join(f"\\U+{ord(letter):04X}" for letter in "容积率").encode()
    check(rewritten(path, content.replace(word, by_number)))
    by_page = "".join(f"\\M+5{letter.encode('gbk').hex().upper()}" for letter in "容积率").encode()
    check(rewritten(path, content.replace(word, by_page)))


@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b"\r"])
def test_line_ends(tmp_path: Path, ending: bytes) -> None:
    path = plan(tmp_path)
    content = path.read_bytes().replace(b"\r\n", b"\n")
    check(rewritten(path, content.replace(b"\n", ending)))


def test_mixed_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = plan(tmp_path)
    check(rewritten(path, path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n", 1500)))
    path = plan(tmp_path, "R2010", "utf-8")
    check(rewritten(path, b"\xef\xbb\xbf" + path.read_bytes()))


@pytest.mark.parametrize("version", ["R12", "R2000", "R2010"])
def test_binary_drawings(tmp_path: Path, version: str) -> None:
    path = plan(tmp_path, version, "utf-8" if version == "R2010" else "gbk")
    filemanagement.readfile(path).saveas(path, fmt="bin")
    content = path.read_bytes()
    assert content.startswith(b"AutoCAD Binary DXF")
    check(path)
    if version == "R2000":
        check(rewritten(path, content.replace(b"ANSI_936\0", b"ANSI_1252\0")), "intake.encoding_wrong")


def test_the_study_names_an_encoding(tmp_path: Path) -> None:
    path = plan(tmp_path)
    check(rewritten(path, path.read_bytes().replace(b"ANSI_936", b"ANSI_1251")), encoding="gbk")
    with pytest.raises(InputError) as caught:
        read(path, encoding="klingon")
    assert caught.value.text == "intake.encoding_unknown"


def test_traditional_characters_by_their_code_page(tmp_path: Path) -> None:
    document = filemanagement.new("R2000")
    document.encoding = "cp950"
    draw(document, ring())
    write(document, "容積率 2.5", 10, 10)
    path = tmp_path / "a.dxf"
    document.saveas(path)
    assert b"ANSI_950" in path.read_bytes()
    assert list(column(read(path), "floor_area_ratio").value) == [2.5]


def test_western_letters_stay_western(tmp_path: Path) -> None:
    document = filemanagement.new("R2000")
    document.encoding = "cp1252"
    for east, layer in enumerate(("Parcelle é plot", "Straße parcel")):
        draw(document, ring(200.0 * east), layer)
    path = tmp_path / "a.dxf"
    document.saveas(path)
    found = read(path)
    layers = next(each for each in found.findings if each.text == "intake.drawing_layers_guessed").values["layers"]
    assert layers == ("Parcelle é plot", "Straße parcel")
    assert "intake.encoding_wrong" not in told(found)


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_drawing_that_is_cut_off_is_refused_with_what_was_seen(tmp_path: Path, share: float, *, binary: bool) -> None:
    path = plan(tmp_path)
    if binary:
        filemanagement.readfile(path).saveas(path, fmt="bin")
    content = path.read_bytes()
    with pytest.raises(InputError) as caught:
        read(rewritten(path, content[: int(share * len(content))]))
    assert caught.value.text in ("intake.drawing_cut", "intake.drawing_cut_binary")
    assert "RECOVER" in caught.value.say("zh")


def test_numbers_that_are_none_are_not_made_up(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    path = tmp_path / "a.dxf"
    document.saveas(path)
    with pytest.raises(InputError) as caught:
        read(rewritten(path, path.read_bytes().replace(b"\n572100.0", b"\n5721oo.0")))
    assert caught.value.text == "intake.unreadable"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"AC1032" + bytes(500), "intake.dwg"),
        (b"hello\n" * 50, "intake.not_this_format"),
        (bytes(range(256)) * 20, "intake.not_this_format"),
        (b"0\nSECTION\n" + bytes(range(256)) * 20, "intake.drawing_cut"),
        (b"0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n", "intake.drawing_empty"),
    ],
)
def test_what_is_no_drawing(tmp_path: Path, content: bytes, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(rewritten(tmp_path / "a.dxf", content))
    assert caught.value.text == text
