"""Drawings made to hurt: blocks that hold themselves, blocks that multiply, a million entities, odd numbers."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.cad.decoding import decoded, outline, thinned
from citybraid.sources.readers import dxf
from tests.sources.planner_files import SOUTH, WEST, new_drawing
from tests.sources.readers.drawings import PLOTS, areas, at, column, draw, read, reading, ring, told, write

HEAD = "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$INSUNITS\n70\n6\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
TAIL = "0\nENDSEC\n0\nEOF\n"


def square(layer: str, east: float, north: float, handle: int) -> str:
    corners = "".join(f"10\n{x:.1f}\n20\n{y:.1f}\n" for x, y in ring(east, north, 10))
    return f"  0\nLWPOLYLINE\n5\n{handle:X}\n100\nAcDbEntity\n  8\n{layer}\n100\nAcDbPolyline\n90\n4\n70\n1\n{corners}"


def vast(path: Path, count: int, wanted: int) -> Path:
    """A drawing of so many squares, every few of them on the layer of plots."""
    parts = [
        square(
            PLOTS if number % (count // wanted) == 0 else "等高线",
            12 * (number % 300),
            12 * (number // 300),
            number + 99,
        )
        for number in range(count)
    ]
    path.write_text(HEAD + "".join(parts) + TAIL, encoding="gbk")
    return path


def test_a_block_that_holds_itself_is_drawn_once(tmp_path: Path) -> None:
    document = new_drawing()
    one, other = document.blocks.new("甲"), document.blocks.new("乙")
    one.add_lwpolyline(ring(), close=True, dxfattribs={"layer": PLOTS})
    for block, inner in ((one, "甲"), (one, "乙"), (one, "甲"), (other, "甲")):
        block.add_blockref(inner, (5, 5))
    document.modelspace().add_blockref("甲", (0, 0))
    found = reading(document, tmp_path)
    assert areas(found) == [1e4]
    assert told(found)["intake.block_cycle"] >= 1


def test_blocks_that_multiply_are_left_out_and_told(tmp_path: Path) -> None:
    document = new_drawing()
    document.blocks.new("L0").add_lwpolyline(ring(), close=True, dxfattribs={"layer": PLOTS})
    for level in range(1, 11):
        block = document.blocks.new(f"L{level}")
        for copy in range(10):
            block.add_blockref(f"L{level - 1}", (copy, copy))
    space = document.modelspace()
    space.add_blockref("L10", (0, 0))
    wide = {"row_count": 32000, "column_count": 32000, "row_spacing": 1, "column_spacing": 1}
    space.add_blockref("L0", (0, 0), dxfattribs=wide)
    draw(document, ring(500))
    found = reading(document, tmp_path)
    assert areas(found) == [1e4]
    assert told(found)["intake.block_vast"] == 2


def test_blocks_within_blocks_without_end(tmp_path: Path) -> None:
    document = new_drawing()
    for level in range(400):
        block = document.blocks.new(f"D{level}")
        block.add_lwpolyline(ring(20.0 * level, side=9), close=True, dxfattribs={"layer": PLOTS})
        if level:
            block.add_blockref(f"D{level - 1}", (0, 0))
    document.modelspace().add_blockref("D399", (0, 0))
    found = reading(document, tmp_path)
    assert 1 < len(areas(found)) < 100
    assert told(found)["intake.block_cycle"] >= 1


def test_a_vast_drawing_is_read_for_the_layers_that_are_wanted(tmp_path: Path) -> None:
    path = vast(tmp_path / "a.dxf", 70_000, 700)
    found = read(path)
    assert len(areas(found)) == 700
    assert told(found)["intake.drawing_thinned"] == 69_300


def test_more_entities_than_can_be_built_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citybraid.sources.cad.opening.MOST", 500)
    monkeypatch.setattr("citybraid.sources.cad.opening.LARGE", 100)
    with pytest.raises(InputError) as caught:
        read(vast(tmp_path / "a.dxf", 2000, 1000))
    assert caught.value.text == "intake.drawing_large"
    assert "LWPOLYLINE" in caught.value.say("zh")


def test_thinning_keeps_what_belongs_together() -> None:
    polyline = f"  0\nPOLYLINE\n  8\n{PLOTS}\n  0\nVERTEX\n  8\n别的\n 10\n1.0\n  0\nSEQEND\n  8\n别的\n"
    text = HEAD + polyline + square("等高线", 0, 0, 77) + "  0\nTEXT\n  8\n标注\n  1\n字\n" + TAIL
    content = decoded(text.encode()).content
    seen = outline(content)
    assert (seen.count, seen.is_whole) == (3, True)
    less, left = thinned(content, seen, lambda name: name == PLOTS)
    assert left == 1
    assert less.decode() == HEAD + polyline + "  0\nTEXT\n  8\n标注\n  1\n字\n" + TAIL


def test_every_one_of_twenty_thousand_entities_is_read(tmp_path: Path) -> None:
    document = new_drawing()
    space = document.modelspace()
    for number in range(16_000):
        east, north = 20.0 * (number % 200), 20.0 * (number // 200)
        space.add_lwpolyline(ring(east, north, 10), close=True, dxfattribs={"layer": "建筑"})
        if number % 4 == 0:
            write(document, "砼6", east + 3, north + 3)
    path = tmp_path / "a.dxf"
    document.saveas(path)
    found = read(path, "buildings")
    assert len(areas(found, "buildings")) == 16_000
    assert column(found, "floors").value.notna().sum() == 4000


def test_odd_curves_do_not_stop_the_others(tmp_path: Path) -> None:
    document = new_drawing()
    space, layer = document.modelspace(), {"layer": PLOTS}
    draw(document, ring())
    space.add_circle(at(0, 0), 1e300, dxfattribs=layer)
    space.add_circle(at(0, 0), float("nan"), dxfattribs=layer)
    space.add_lwpolyline([(*at(0, 0), 1e200), (*at(9, 0), float("inf")), (*at(9, 9), 0)], format="xyb", close=True,
                         dxfattribs=layer)  # fmt: skip
    space.add_ellipse(at(0, 0), (1e-3, 0), 1e-6, dxfattribs=layer)
    space.add_spline([(0, 0), (0, 0), (0, 0), (0, 0)], dxfattribs=layer)
    space.add_hatch(dxfattribs=layer)
    found = reading(document, tmp_path)
    assert 1e4 in [round(area) for area in areas(found)]
    assert told(found)["intake.entities_lost"] >= 3


def test_long_texts_and_odd_names(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring(), "用地" + "长" * 200)
    write(document, "容" * 5000, 10, 10)
    write(document, "容积率" + ":" * 300 + "2", 10, 20)
    found = reading(document, tmp_path)
    assert areas(found) == [1e4]


def test_peeking_and_layers_hold_against_it_too(tmp_path: Path) -> None:
    document = new_drawing()
    block = document.blocks.new("甲")
    block.add_blockref("甲", (1, 1))
    document.modelspace().add_blockref("甲", (WEST, SOUTH))
    document.modelspace().add_circle((float("nan"), 0), 5, dxfattribs={"layer": PLOTS})
    document.saveas(tmp_path / "a.dxf")
    assert dxf.peek(tmp_path / "a.dxf")
    assert dxf.layers(tmp_path / "a.dxf").findings
