"""Plot numbers by block attribute, text, layer name and position, in that order; what is no parcel."""

from pathlib import Path

import pytest
from ezdxf.document import Drawing

from citybraid.sources.cad.plan_texts import plot_of_layer
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.protocol.reading import Reading
from tests.sources.planner_files import new_drawing, parcels
from tests.sources.readers.drawings import areas, at, column, draw, kind_of, reading, ring, saved, told, write


def plots(found: Reading) -> list[str]:
    return [str(each) for each in column(found, "plot_number").value]


def ways(found: Reading) -> dict[str, object]:
    values = next(each for each in found.findings if each.text == "intake.plot_numbers").values
    return {name.removeprefix("by_"): count for name, count in values.items() if count}


def tagged(document: Drawing, tag: str, text: str, east: float, *, invisible: bool = False) -> None:
    """Add a block with one attribute."""
    if "标牌" not in document.blocks:
        document.blocks.new("标牌")
    insert = document.modelspace().add_blockref("标牌", at(east, 50))
    insert.add_attrib(tag, text, at(east, 50)).is_invisible = invisible


@pytest.mark.parametrize(
    ("layer", "plot"),
    [("A-01", "A-01"), ("DK-A01", "DK-A01"), ("地块A03", "A03"), ("地块-A03", "A03"), ("用地-B-02", "B-02"),
     ("01-03", "01-03"), ("plot_12", "plot_12"), ("用地-070102-二类城镇住宅用地", ""), ("YD-R2", ""), ("0", ""),
     ("用地", ""), ("标注", ""), ("2024-01-02", "")],
)  # fmt: skip
def test_the_plot_number_of_a_layer(layer: str, plot: str) -> None:
    assert plot_of_layer(layer) == plot


def test_a_layer_for_each_plot(tmp_path: Path) -> None:
    document = new_drawing()
    for number, layer in enumerate(("A-01", "DK-A02", "地块A03")):
        draw(document, ring(120.0 * number), layer=layer)
    draw(document, ring(0, 300, 400), layer="底图")
    found = reading(document, tmp_path)
    assert plots(found) == ["A-01", "DK-A02", "A03"]
    assert areas(found) == [pytest.approx(10000.0)] * 3
    assert ways(found) == {"layer": 3}
    assert [guess.role for guess in guess_roles(tmp_path)] == ["parcels"]


@pytest.mark.parametrize("tag", ["地块编号", "PLOT", "编号", "DKBH"])
def test_a_tag_of_a_block_is_preferred_to_a_text(tmp_path: Path, tag: str) -> None:
    document = new_drawing()
    draw(document, ring())
    write(document, "A-09", 50, 50)
    tagged(document, tag, "A-01", 20)
    found = reading(document, tmp_path)
    assert plots(found) == ["A-01"]
    assert ways(found) == {"attribute": 1}
    assert told(found)["intake.texts_contradict"] == 1


def test_an_invisible_attribute_with_a_known_tag_is_read(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    tagged(document, "地块编号", "A-01", 20, invisible=True)
    tagged(document, "备忘", "A-77", 40, invisible=True)
    assert plots(reading(document, tmp_path)) == ["A-01"]


def test_every_way_in_one_drawing_and_what_each_gave_is_told(tmp_path: Path) -> None:
    document = new_drawing()
    layers = ("用地", "用地", "B-07", "用地", "用地", "用地")
    for number, layer in enumerate(layers):
        draw(document, ring(120.0 * number), layer=layer)
    tagged(document, "PLOT", "B-01", 20)
    write(document, "B-02", 170, 50)
    write(document, "12", 360 + 50, 50)
    write(document, "R2", 480 + 50, 50)
    document.modelspace().add_lwpolyline(ring(0, 500), close=True, dxfattribs={"layer": "C-01"})
    found = reading(document, tmp_path)
    assert plots(found) == ["B-01", "B-02", "B-07", "12", "", "", "C-01"]
    assert ways(found) == {"attribute": 1, "text": 1, "layer": 2, "number": 1, "none": 2}
    assert kind_of(found, "intake.plot_numbers") == "guessed"
    finding = next(each for each in found.findings if each.text == "intake.plot_numbers")
    assert "1 from block attributes, 1 from texts inside" in finding.say("en")
    assert "图块属性 1" in finding.say("zh")


def test_of_several_texts_the_nearest_to_the_middle_is_the_number(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    write(document, "B-99", 3, 3)
    write(document, "B-01", 46, 48)
    found = reading(document, tmp_path)
    assert plots(found) == ["B-01"]
    assert told(found)["intake.texts_contradict"] == 1


def test_short_numbers_that_repeat_are_no_plots(tmp_path: Path) -> None:
    document = new_drawing()
    for number in range(3):
        draw(document, ring(120.0 * number))
        write(document, "6", 120.0 * number + 50, 50)
    found = reading(document, tmp_path)
    assert "plot_number" not in {layer.var.name for layer in found.layers}
    assert "intake.plot_numbers" not in told(found)


def test_a_layer_of_several_parcels_names_none(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring(), layer="A-01")
    draw(document, ring(200), layer="A-01")
    draw(document, ring(400), layer="A-02")
    assert plots(reading(document, tmp_path)) == ["", "", "A-02"]


def test_blocks_of_frames_and_title_blocks_are_no_parcels(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    for name in ("A1图框", "TITLE_BLOCK", "图例"):
        document.blocks.new(name).add_lwpolyline([(0, 0), (60, 0), (60, 40), (0, 40)], close=True)
        document.modelspace().add_blockref(name, at(300, 0), dxfattribs={"layer": "用地"})
    found = reading(document, tmp_path)
    assert areas(found) == [pytest.approx(10000.0)]
    assert told(found)["intake.block_furniture"] == 3


@pytest.mark.parametrize("layer", ["封面", "用地目录", "会签栏", "用地border"])
def test_layers_of_a_cover_sheet_are_no_parcels(tmp_path: Path, layer: str) -> None:
    document = new_drawing()
    draw(document, ring())
    draw(document, ring(500), layer=layer)
    assert areas(reading(document, tmp_path)) == [pytest.approx(10000.0)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("封面.dxf", "intake.guess_cover"), ("00_cover.dxf", "intake.guess_cover"),
     ("cover page.dxf", "intake.guess_cover"),
     ("用地 副本.dxf", "intake.guess_copy"), ("~$用地.dxf", "intake.guess_copy"), ("用地_bak.dxf", "intake.guess_copy"),
     ("用地.bak", "intake.guess_copy"), ("用地.dwl", "intake.guess_copy")],
)  # fmt: skip
def test_covers_and_backups_have_no_role(tmp_path: Path, name: str, reason: str) -> None:
    document = new_drawing()
    draw(document, ring())
    saved(document, tmp_path).rename(tmp_path / name)
    (guess,) = guess_roles(tmp_path)
    assert (guess.role, guess.reason) == ("", reason)


def test_land_cover_is_no_cover_sheet(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "land_cover_parcels.gpkg")
    assert guess_roles(tmp_path)[0].reason != "intake.guess_cover"
