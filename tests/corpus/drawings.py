"""DXF drawings: encodings, units, curves, blocks that hold one another, files that break off."""

from pathlib import Path

from ezdxf import filemanagement
from ezdxf.document import Drawing
from ezdxf.layouts.layout import Modelspace

from tests.corpus.case import case
from tests.corpus.content import TOWN, cut, written
from tests.sources.planner_files import SOUTH, WEST, drawing, new_drawing

RING = [(WEST, SOUTH), (WEST + 100, SOUTH), (WEST + 100, SOUTH + 100), (WEST, SOUTH + 100)]
LAYER = {"layer": "用地边界"}


def saved(document: Drawing, path: Path) -> Path:
    """Write a drawing."""
    document.saveas(path)
    return path


def blank() -> tuple[Drawing, Modelspace]:
    """A drawing in metres with a layer of parcels."""
    document = new_drawing()
    document.layers.add("用地边界")
    return document, document.modelspace()


@case("good", "parcels", "texts_attached", crs=TOWN)
def dxf_of_parcels(folder: Path) -> Path:
    """Drawing of parcels with texts, an arc, an open line and a nearly closed ring, in GBK."""
    return drawing(folder / "控规.dxf")


@case("odd", "parcels", "texts_attached", crs=TOWN)
def dxf_of_1992(folder: Path) -> Path:
    """Drawing in R12 without a code page for Chinese."""
    document = filemanagement.new("R12")
    document.encoding = "gbk"
    document.layers.add("用地边界")
    space = document.modelspace()
    space.add_polyline2d(RING, close=True, dxfattribs=LAYER)
    space.add_text("容积率 2.0", dxfattribs={"insert": (WEST + 50, SOUTH + 50)})
    return saved(document, folder / "控规.dxf")


@case("odd", "parcels", "texts_attached", crs=TOWN)
def dxf_of_2018(folder: Path) -> Path:
    """Drawing in R2018."""
    return drawing(folder / "控规.dxf", version="R2018", codepage="utf-8")


@case("odd", "parcels", "unit_stated", crs=TOWN)
def dxf_in_millimetres(folder: Path) -> Path:
    """Drawing in millimetres that says so."""
    document, space = blank()
    document.header["$INSUNITS"] = 4
    space.add_lwpolyline([(x * 1000, y * 1000) for x, y in RING], close=True, dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("odd", "parcels", refusal="crs_missing")
def dxf_without_crs(folder: Path) -> Path:
    """Drawing; the study names no CRS."""
    return drawing(folder / "控规.dxf")


@case("odd", "parcels", refusal="drawing_layer_absent", crs=TOWN, layers={"parcels": "没有*"})
def dxf_without_the_named_layer(folder: Path) -> Path:
    """Drawing without the layer that the study names."""
    return drawing(folder / "控规.dxf")


@case("odd", "parcels", "rings_closed", crs=TOWN)
def dxf_with_a_nearly_closed_ring(folder: Path) -> Path:
    """Ring with a gap of 20 cm."""
    document, space = blank()
    space.add_lwpolyline([*RING, (WEST, SOUTH + 0.2)], dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("broken", "parcels", refusal="drawing_empty", crs=TOWN)
def dxf_with_nothing_closed(folder: Path) -> Path:
    """Drawing of open lines only."""
    document, space = blank()
    space.add_lwpolyline(RING[:3], dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("odd", "parcels", crs=TOWN)
def dxf_with_hatch_and_spline(folder: Path) -> Path:
    """Ring, hatch and closed spline."""
    document, space = blank()
    space.add_lwpolyline(RING, close=True, dxfattribs=LAYER)
    hatch = space.add_hatch(dxfattribs=LAYER)
    hatch.paths.add_polyline_path([(x + 200, y) for x, y in RING], is_closed=True)
    space.add_spline([(x + 400, y, 0) for x, y in [*RING, RING[0]]], dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("odd", "parcels", crs=TOWN)
def dxf_with_blocks(folder: Path) -> Path:
    """Parcel in a block that is inserted twice."""
    document, space = blank()
    block = document.blocks.new("地块")
    block.add_lwpolyline([(0, 0), (50, 0), (50, 50), (0, 50)], close=True, dxfattribs=LAYER)
    space.add_blockref("地块", (WEST, SOUTH), dxfattribs=LAYER)
    space.add_blockref("地块", (WEST + 80, SOUTH), dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("hostile", "parcels", "block_cycle", crs=TOWN)
def dxf_with_a_block_in_itself(folder: Path) -> Path:
    """Block that holds itself."""
    document, space = blank()
    block = document.blocks.new("环")
    block.add_blockref("环", (1, 1))
    space.add_blockref("环", (WEST, SOUTH), dxfattribs=LAYER)
    space.add_lwpolyline(RING, close=True, dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("hostile", "parcels", "block_vast", crs=TOWN)
def dxf_that_laughs(folder: Path) -> Path:
    """Blocks in blocks that come to a thousand million squares."""
    document, space = blank()
    inner = document.blocks.new("B0")
    inner.add_lwpolyline([(0, 0), (1, 0), (1, 1)], close=True, dxfattribs=LAYER)
    for level in range(1, 10):
        block = document.blocks.new(f"B{level}")
        for at in range(10):
            block.add_blockref(f"B{level - 1}", (at, level), dxfattribs=LAYER)
    space.add_blockref("B9", (WEST, SOUTH), dxfattribs=LAYER)
    space.add_lwpolyline(RING, close=True, dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("hostile", "parcels", "entities_lost", crs=TOWN)
def dxf_with_immense_coordinates(folder: Path) -> Path:
    """Ring with corners at 1e300 and NaN."""
    document, space = blank()
    space.add_lwpolyline([(0, 0), (1e300, 0), (float("nan"), 1e300)], close=True, dxfattribs=LAYER)
    space.add_lwpolyline(RING, close=True, dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("hostile", "parcels", "entities_lost", crs=TOWN)
def dxf_with_an_arc_without_end(folder: Path) -> Path:
    """Circle with a radius of 1e12 m, which would take millions of corners."""
    document, space = blank()
    space.add_circle((WEST, SOUTH), 1e12, dxfattribs=LAYER)
    space.add_lwpolyline(RING, close=True, dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("hostile", "parcels", "drawing_references", crs=TOWN)
def dxf_with_references(folder: Path) -> Path:
    """Drawing with an external reference and a picture on a server."""
    document, space = blank()
    space.add_lwpolyline(RING, close=True, dxfattribs=LAYER)
    document.add_xref_def("/etc/passwd", "外参")
    space.add_blockref("外参", (0, 0))
    picture = document.add_image_def("http://127.0.0.1:9/a.svg", size_in_pixel=(10, 10))
    space.add_image(picture, (0, 0), (1, 1))
    return saved(document, folder / "控规.dxf")


@case("hostile", "parcels", "texts_attached", crs=TOWN)
def dxf_with_texts_that_drive_the_terminal(folder: Path) -> Path:
    """Drawing whose texts hold escape sequences and scripts."""
    document, space = blank()
    space.add_lwpolyline(RING, close=True, dxfattribs=LAYER)
    for at, text in enumerate(("\x1b[2J<script>alert(1)</script>", "\u202e7.3 RAF", "{\\fSimSun|b0;容积率 2.0}")):
        space.add_mtext(text, dxfattribs={"insert": (WEST + 50, SOUTH + 20 + 20 * at)})
    return saved(document, folder / "控规.dxf")


@case("broken", "parcels", refusal="drawing_cut", crs=TOWN)
def dxf_cut_off(folder: Path) -> Path:
    """Drawing that breaks off among its entities."""
    path = drawing(folder / "控规.dxf")
    at = path.read_bytes().rfind(b"LWPOLYLINE")
    return cut(path, (at + 60) / path.stat().st_size)


@case("broken", "parcels", refusal="unreadable", crs=TOWN)
def dxf_with_a_torn_head(folder: Path) -> Path:
    """Drawing whose first third is lost."""
    path = drawing(folder / "控规.dxf")
    return written(path, path.read_bytes()[len(path.read_bytes()) // 3 :])


@case("broken", "parcels", refusal="dwg", crs=TOWN)
def dxf_that_is_a_dwg(folder: Path) -> Path:
    """DWG renamed to .dxf."""
    return written(folder / "控规.dxf", b"AC1032" + bytes(3000))


@case("broken", "parcels", refusal="not_this_format", crs=TOWN)
def dxf_of_noise(folder: Path) -> Path:
    """Random bytes named .dxf."""
    return written(folder / "控规.dxf", bytes((n * 7919 + n // 251) % 256 for n in range(20_000)))


@case("hostile", "parcels", refusal="drawing_empty", crs=TOWN)
def dxf_of_countless_empty_groups(folder: Path) -> Path:
    """Drawing of a million groups without meaning."""
    return written(folder / "控规.dxf", "0\nSECTION\n2\nENTITIES\n" + "999\nx\n" * 1_000_000 + "0\nENDSEC\n0\nEOF\n")
