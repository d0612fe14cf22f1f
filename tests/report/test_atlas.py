"""The atlas: vectors on A3 paper, with names where they fit, a scale and a title block."""

import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import LineString, Point, box

from citybraid.core.text import say
from citybraid.report.atlas import atlas_pages, write_atlas
from citybraid.report.drawing.atlas_sheet import EDGE, GAP, HEAD, TALL, WIDE, add_contents, arranged, round_denominator
from citybraid.report.drawing.cartography import Sheet, round_scale
from citybraid.report.drawing.labels import SMALLEST, fitting, rooms, text_width
from citybraid.report.drawing.labels import TALL as LINE
from citybraid.report.drawing.pdf import PdfFile, PdfFont, form, indexed_picture
from citybraid.report.drawing.pdf_scene import DrawingCache, Frame, Page, add_scene
from citybraid.report.drawing.scene import Bounds, Scene, VectorPart
from citybraid.report.view import View
from citybraid.study.run.run import Run


def objects(path: Path) -> dict[int, bytes]:
    """Objects of a file, found by its own table, as a reader finds them."""
    data = path.read_bytes()
    start = int(re.findall(rb"startxref\n(\d+)", data)[-1])
    places = re.findall(rb"(\d{10}) 00000 n", data[start:])
    found = {}
    for number, place in enumerate(places, 1):
        assert data[int(place) :].startswith(b"%d 0 obj" % number)
        found[number] = data[int(place) : data.index(b"\nendobj", int(place))]
    return found


def unpacked(body: bytes) -> bytes:
    return zlib.decompress(body.split(b"\nstream\n", 1)[1].rsplit(b"\nendstream", 1)[0])


def words_of(path: Path) -> str:
    """The text of all pages, by the map from glyphs to characters that the file carries."""
    bodies = objects(path)
    table = next(text for body in bodies.values() if b"/Filter" in body and b"beginbfchar" in (text := unpacked(body)))
    glyphs = {
        glyph: bytes.fromhex(char.decode()).decode("utf-16-be")
        for glyph, char in re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", table)
    }
    said = []
    for body in bodies.values():
        if b"/Filter" in body and b"/Subtype" not in body:
            shown = re.findall(rb"<([0-9a-f]+)> Tj", unpacked(body))
            said += ["".join(glyphs[each[at : at + 4]] for at in range(0, len(each), 4)) for each in shown]
    return "\n".join(said)


@pytest.fixture(scope="module")
def atlas(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    paths = write_atlas(View(run), tmp_path_factory.mktemp("atlas"), ("zh", "en"))
    return dict(zip(("zh", "en"), paths, strict=True))


@pytest.mark.parametrize(("sheets", "pages"), [(1, 1), (68, 1), (69, 2), (150, 3)])
def test_a_long_list_of_sheets_goes_on_on_another_page(tmp_path: Path, sheets: int, pages: int) -> None:
    """A third column would lie beyond the edge of the paper."""
    told = [Sheet(f"Map {at}", "p", "a", "en", "s", number=f"{at:02d}") for at in range(1, sheets + 1)]
    file = PdfFile("t", PdfFont(["Map p a t h 0123456789　", *(f"{each.title}　a" for each in told)]))
    add_contents(file, "t", "h", told)
    path = file.save(tmp_path / "a.pdf")
    assert sum(b"/Type /Page " in body for body in objects(path).values()) == pages
    said = words_of(path)
    assert all(f"Map {at}　a" in said for at in range(1, sheets + 1))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheets_carry_title_block_scale_and_parcel_numbers(atlas: dict[str, Path], language: str) -> None:
    said = words_of(atlas[language])
    for name in ("project", "sheet", "alternative", "source", "drawn", "checked", "approved", "date"):
        assert say(f"atlas.{name}", language) in said
    assert say("map.synthetic", language) in said
    assert "嘉南-05" in said
    assert re.search(r"1:\d", said)


def test_every_page_is_a3_and_maps_are_vectors(run: Run, atlas: dict[str, Path]) -> None:
    bodies = objects(atlas["zh"])
    pages = [body for body in bodies.values() if b"/Type /Page " in body]
    assert len(pages) == 1 + len(list(atlas_pages(View(run))))
    for body in pages:
        found = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", body)
        assert found is not None
        assert [float(side) / 72 * 25.4 for side in found.groups()] == pytest.approx([420, 297], abs=0.01)
    forms = [unpacked(body) for body in bodies.values() if b"/Subtype /Form" in body]
    assert any(len(re.findall(rb" m ", drawing)) >= 16 for drawing in forms), "16 parcels are drawn as paths"


def test_a_drawing_is_stored_once_however_often_it_is_shown(tmp_path: Path) -> None:
    file, drawing = PdfFile("t", PdfFont(["a"])), form("0 0 m 1 1 l S", (0, 0, 1, 1))
    for _ in range(3):
        file.page(10, 10, "/X Do", {"X": drawing})
    bodies = objects(file.save(tmp_path / "a.pdf"))
    assert sum(b"/Subtype /Form" in body for body in bodies.values()) == 1
    assert b"/Count 3" in bodies[2]


def test_shapes_that_are_drawn_and_freed_leave_nothing_to_the_next() -> None:
    bounds, cache = Bounds(0, 0, 100, 100), DrawingCache()
    page = Page(PdfFont(["a"]))
    for at in range(200):
        street = VectorPart([LineString([(at, 0), (at, 100)])], None, "#000000", 1.0)
        add_scene(page, Scene([street], bounds), Frame(0, 0, 1, bounds), cache)
    assert len({stream.content for stream in page.shared.values()}) == 200
    assert {shape.lines[0][0, 0] for shape, _ in cache.paths} == set(range(200)), "none is freed while its key stands"


def test_cells_without_a_value_are_masked() -> None:
    picture = indexed_picture(np.array([[-1, 0], [1, 1]], dtype=np.int16), ["#ff0000", "#00ff00"])
    assert list(zlib.decompress(picture.content)) == [255, 0, 1, 1]
    assert "/Mask [255 255]" in picture.entries
    assert "<ff000000ff00" in picture.entries


def test_a_character_that_the_font_lacks_is_no_fault() -> None:
    font = PdfFont(["甲"])
    assert font.hexes("甲") != font.hexes("乙")
    assert len(font.hexes("\U00020bb7")) == 4


@pytest.mark.parametrize("least", [1.0, 777.0, 7_600.0, 8_001.0, 123_456.0])
def test_scales_are_round_and_large_enough(least: float) -> None:
    for scale in (round_denominator(least), round_scale(least)):
        assert least * (1 - 1e-9) <= scale <= 1.34 * least
        assert len(f"{scale:.0f}".rstrip("0")) <= 3


def test_names_stand_where_they_fit_and_nowhere_else() -> None:
    wide, narrow, street = box(0, 0, 100, 40), box(200, 0, 203, 3), LineString([(0, 100), (80, 180)])
    shown = list(fitting(["A-01", "A-02", "长安街"], rooms([wide, narrow, street]), 1.0))
    assert [label.text for label in shown] == ["A-01", "长安街"]
    assert shown[1].angle == pytest.approx(45.0)
    for label in shown:
        assert label.size >= SMALLEST
    assert text_width("A-01") * shown[0].size <= 100


def test_a_long_name_is_broken_so_that_it_can_be_read() -> None:
    """On one line "拟园 Niyuan (合成 synthetic)" was 4 pixels high on the page of Xinhua Road."""
    name, room = "拟园 Niyuan (合成 synthetic)", rooms([box(0, 0, 60, 60)])
    (label,) = fitting([name], room, 1.0, 12.0)
    lines = label.text.split("\n")
    assert label.text.replace("\n", " ") == name
    assert len(lines) > 1
    assert label.size > 1.5 * 60 / text_width(name)
    assert max(text_width(line) for line in lines) * label.size <= 60
    assert LINE * len(lines) * label.size <= 60
    (street,) = fitting([name], rooms([LineString([(0, 0), (99, 0)])]), 1.0)
    assert street.text == name, "a street's name stays on its line"


def test_a_name_stays_inside_a_bent_parcel() -> None:
    bent = box(0, 0, 100, 10).union(box(0, 0, 10, 100))
    (room,) = rooms([bent])
    half = room.wide / 2
    assert bent.buffer(1e-6).contains(LineString([(room.east - half, room.north), (room.east + half, room.north)]))


def test_the_number_of_a_point_stands_above_its_marker_and_two_do_not_meet() -> None:
    """Crossings of Xiamen had numbers in the text and none on the map."""
    first, second = fitting(["1", "2", "3"], rooms([Point(0, 0), Point(40, 0), Point(41, 0)]), 1.0, 10.0)
    assert [first.text, second.text] == ["1", "2"]
    assert first.east == 0.0
    assert first.north - LINE * first.size / 2 > 0.0
    assert first.size == 10.0


def test_a_bent_street_and_an_unnamed_one_have_no_name() -> None:
    curve = LineString([(0, 0), (50, 50), (0, 100)])
    assert list(fitting(["x", ""], rooms([curve, LineString([(0, 0), (99, 0)])]), 1.0)) == []


@pytest.mark.parametrize("shape", [0.3, 0.6, 0.85, 1.0, 1.1])
def test_no_empty_strip_stands_between_map_and_column(shape: float) -> None:
    """A square plan left a strip of 60 mm: the column takes the room, and stays on the sheet."""
    left, column = arranged(shape * (TALL - 2 * EDGE - HEAD))
    map_right = left + shape * (TALL - 2 * EDGE - HEAD)
    between = column.x - map_right
    assert between + 1e-6 >= GAP
    assert left >= EDGE
    assert column.x + column.side == pytest.approx(WIDE - EDGE)
    assert between - GAP <= left - EDGE + 1e-6, "what is left over lies on both sides of the map"
    if shape >= 1.0:
        assert between == pytest.approx(GAP), "no strip"


def test_each_sheet_states_its_coordinates_and_the_datum_of_elevations(atlas: dict[str, Path]) -> None:
    """Title blocks had neither; a panel asks for both."""
    said = words_of(atlas["zh"]).replace("\n", "")
    assert "坐标系" in said
    assert "2000 国家大地坐标系（CGCS2000），高斯—克吕格投影" in said
    assert "高程基准：未注明" in said
