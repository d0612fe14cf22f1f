"""What the texts of a drawing say, and to which parcel each belongs."""

from pathlib import Path

import ezdxf.render.mleader
import pytest
from ezdxf.math import Vec2

from citybraid.sources.cad.plan_texts import is_same_value, square_metres, stated_value, stated_values
from tests.sources.planner_files import CRS, new_drawing
from tests.sources.readers.drawings import areas, at, column, draw, kind_of, reading, ring, told, write

CONTROLS = (
    "plot_number",
    "land_use",
    "floor_area_ratio",
    "building_density",
    "green_ratio",
    "height_limit",
    "plot_area",
)


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("容积率：2.0", ("floor_area_ratio", "2.0")),
        ("容积率不大于2.5", ("floor_area_ratio", "2.5")),
        ("FAR 2.5", ("floor_area_ratio", "2.5")),
        ("F.A.R.=2.5", ("floor_area_ratio", "2.5")),
        ("建筑密度≤30%", ("building_density", "30%")),
        ("绿地率不低于35%", ("green_ratio", "35%")),
        ("建筑限高(m)：60", ("height_limit", "60")),
        ("H≤24m", ("height_limit", "24m")),
        ("R2", ("land_use", "R2")),
        ("070102 二类城镇住宅用地", ("land_use", "070102 二类城镇住宅用地")),
        ("A-01-02", ("plot_number", "A-01-02")),
        ("地块A03", ("plot_number", "A03")),
        ("用地面积 3.21ha", ("plot_area", "3.21ha")),
        ("A-01", ("plot_number", "A-01")),
        ("01-03", ("plot_number", "01-03")),
        ("2024-01-02", None),
        ("1:1000", None),
        ("学校大门", None),
    ],
)
def test_a_line_of_a_plan(line: str, meaning: tuple[str, str] | None) -> None:
    assert stated_value(line, CONTROLS) == meaning


@pytest.mark.parametrize(
    ("text", "computed", "area"),
    [("3.21ha", 1.0, 32100.0), ("1.5公顷", 1.0, 15000.0), ("30亩", 1.0, 20000.0), ("12,345㎡", 1.0, 12345.0),
     ("3.2", 31000.0, 32000.0), ("31000", 32000.0, 31000.0)],
)  # fmt: skip
def test_areas_as_plans_state_them(text: str, computed: float, area: float) -> None:
    assert square_metres(text, computed) == pytest.approx(area)


@pytest.mark.parametrize(
    ("var", "one", "other", "agree"),
    [("floor_area_ratio", "2.5", "≤2.50", True), ("floor_area_ratio", "2.5", "3", False),
     ("green_ratio", "35%", "0.35", True), ("land_use", "R2", "二类居住用地", True), ("land_use", "R2", "A33", False),
     ("plot_number", "A-01", "a-01", True)],
)  # fmt: skip
def test_two_ways_of_saying_the_same(var: str, one: str, other: str, *, agree: bool) -> None:
    assert is_same_value(var, one, other) == agree


def test_formatted_texts_of_several_lines(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    document.modelspace().add_mtext(
        "{\\fSimSun|b0|i0;A-01-02}\\P\\H2;\\C1;Ｒ２\\PＦＡＲ＝２．５\\P{\\L建筑密度}≤30%；绿地率≥35%",
        dxfattribs={"insert": at(50, 50), "char_height": 3},
    )
    found = reading(document, tmp_path)
    assert list(column(found, "plot_number").value) == ["A-01-02"]
    assert list(column(found, "land_use").value) == ["070102"]
    assert list(column(found, "floor_area_ratio").value) == [2.5]
    assert list(column(found, "building_density").value) == [0.3]
    assert list(column(found, "green_ratio").value) == [0.35]


def test_a_table_of_labels_and_values_in_a_parcel(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    for row, (label, value) in enumerate((("地块编号", "B-02-01"), ("容积率", "3.0"), ("建筑限高", "≤80m"))):
        write(document, label, 10, 80 - 6 * row)
        write(document, value, 32, 80 - 6 * row)
    for place, (label, value) in enumerate((("建筑密度", "25%"), ("绿地率", "40%"))):
        write(document, label, 10 + 25 * place, 40)
        write(document, value, 10 + 25 * place, 34)
    found = reading(document, tmp_path)
    assert list(column(found, "plot_number").value) == ["B-02-01"]
    assert list(column(found, "floor_area_ratio").value) == [3.0]
    assert list(column(found, "height_limit").value) == [80.0]
    assert list(column(found, "building_density").value) == [0.25]
    assert list(column(found, "green_ratio").value) == [0.4]


def test_texts_outside_go_by_leader_or_to_the_clearly_nearest(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring(side=30))
    draw(document, ring(100, side=30))
    draw(document, ring(200, side=30))
    space = document.modelspace()
    space.add_mtext("容积率 1.1", dxfattribs={"insert": at(60, 60), "char_height": 3})
    space.add_leader([(*at(15, 15), 0), (*at(58, 60), 0)])
    multi = space.add_multileader_mtext("Standard")
    multi.set_content("容积率 1.2")
    multi.add_leader_line(ezdxf.render.mleader.ConnectionSide.left, [Vec2(at(115, 15))])
    multi.build(insert=Vec2(at(160, 60)))
    write(document, "容积率 1.3", 205, -6)
    write(document, "容积率 9.9", 60, -400)
    found = reading(document, tmp_path)
    assert list(column(found, "floor_area_ratio").value) == [1.1, 1.2, 1.3]
    counts = told(found)
    assert (counts["intake.texts_led"], counts["intake.texts_beside"], counts["intake.texts_loose"]) == (2, 1, 1)
    assert kind_of(found, "intake.texts_beside") == "guessed"


def test_contradictions_are_told_with_their_place(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    for north, text in ((20, "A-01-01"), (30, "容积率 2.5"), (40, "容积率：3.0"), (50, "用地面积：2.5ha"), (60, "R2")):
        write(document, text, 20, north)
    found = reading(document, tmp_path)
    assert list(column(found, "floor_area_ratio").value) == [2.5]
    assert told(found)["intake.texts_contradict"] == 1
    by_text = {problem.text: problem for problem in found.problems}
    contradiction = by_text["intake.text_contradicts"]
    assert contradiction.row == "A-01-01"
    assert contradiction.shape.coords[0] == at(20, 40)
    assert "2.5" in contradiction.say("en")
    assert "3.0" in contradiction.say("zh")
    differs = by_text["intake.plot_area_differs"]
    assert differs.values["stated"] == pytest.approx(25000.0)
    assert differs.values["computed"] == pytest.approx(10000.0)
    assert "plot_area" not in {layer.var.name for layer in found.layers}


def test_problems_lie_in_the_crs_of_the_study(tmp_path: Path) -> None:
    document = new_drawing()
    document.modelspace().add_lwpolyline(
        [(120.7, 30.7), (120.701, 30.7), (120.701, 30.701), (120.7, 30.701)], close=True, dxfattribs={"layer": "用地"}
    )
    for north in (0.0002, 0.0006):
        where = {"insert": (120.7002, 30.7 + north), "height": 1e-5}
        document.modelspace().add_text(f"容积率 {10000 * north:.1f}", dxfattribs=where)
    found = reading(document, tmp_path, crs="EPSG:4490")
    shape = column(found, "parcels").value
    assert shape.crs == CRS
    assert shape.iloc[0].contains(found.problems[0].shape)
    assert shape.area.iloc[0] == pytest.approx(95.7 * 110.9, rel=0.01)


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("R2 FAR2.5 H≤60", {"land_use": "R2", "floor_area_ratio": "2.5", "height_limit": "60"}),
        ("B1/3.2/80", {"land_use": "B1", "floor_area_ratio": "3.2", "height_limit": "80"}),
        (
            "R2/2.0/30%/35%",
            {"land_use": "R2", "floor_area_ratio": "2.0", "building_density": "30%", "green_ratio": "35%"},
        ),
        ("A-01 R2/2.0", {"plot_number": "A-01", "land_use": "R2", "floor_area_ratio": "2.0"}),
        ("FAR 1.5-2.0", {"floor_area_ratio": "1.5-2.0"}),
        ("R2/B1", {}),
        ("1/500", {}),
    ],
)  # fmt: skip
def test_several_controls_in_one_text(line: str, stated: dict[str, str]) -> None:
    assert stated_values([line], CONTROLS)[0] == stated


def test_the_limiting_end_of_a_span_is_taken(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    write(document, "R2 FAR1.5-2.0 绿地率30-35%", 10, 50)
    found = reading(document, tmp_path)
    assert list(column(found, "floor_area_ratio").value) == [2.0]
    assert list(column(found, "green_ratio").value) == [pytest.approx(0.30)]
    assert told(found)["intake.cell_limit_span"] == 1


def test_plot_numbers_in_attributes_of_a_block(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    block = document.blocks.new("标牌")
    block.add_attdef("DKBH", (0, 0))
    block.add_attdef("RJL", (0, -4))
    insert = document.modelspace().add_blockref("标牌", at(40, 50))
    insert.add_attrib("DKBH", "03", at(40, 50))
    insert.add_attrib("RJL", "2.4", at(40, 46))
    found = reading(document, tmp_path)
    assert list(column(found, "plot_number").value) == ["03"]
    assert list(column(found, "floor_area_ratio").value) == [2.4]


def test_swatches_of_a_legend_are_no_parcels(tmp_path: Path) -> None:
    document = new_drawing()
    for number in range(4):
        draw(document, ring(120.0 * number))
        write(document, f"A-0{number + 1}", 120.0 * number + 20, 50)
    for number, name in enumerate(("二类居住用地", "商业用地", "公园绿地", "工业用地")):
        west, south = at(700, 15.0 * number)
        draw(document, [(west, south), (west + 20, south), (west + 20, south + 10), (west, south + 10)])
        write(document, name, 725, 15.0 * number + 3)
    found = reading(document, tmp_path)
    assert len(column(found, "parcels").value) == 4
    assert told(found)["intake.rings_legend"] == 4
    assert kind_of(found, "intake.rings_legend") == "rejected"


def test_parcels_of_a_grid_on_a_layer_for_each_use_are_no_legend(tmp_path: Path) -> None:
    """Twelve of eighteen parcels went: names of parks, on the layer of greens, stood beside those of homes."""
    document = new_drawing()
    for column_at in range(4):
        for row in range(3):
            park = (column_at + row) % 2
            layer = "G1公园绿地" if park else "R2二类居住用地"
            draw(document, ring(120.0 * column_at, 120.0 * row), layer=layer)
            write(document, "G1" if park else "R2", 120.0 * column_at + 40, 120.0 * row + 50)
    found = reading(document, tmp_path)
    assert len(column(found, "parcels").value) == 12
    assert "intake.rings_legend" not in told(found)
    assert list(column(found, "land_use").value).count("1401") == 6, "parks are parcels, whatever greens are"


def test_a_frame_and_a_legend_layer_are_no_parcels(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    draw(document, ring(-500, -500, 2000), layer="用地图框")
    draw(document, ring(300, 0, 5), layer="用地图例")
    found = reading(document, tmp_path)
    assert areas(found) == [pytest.approx(10000.0)]
    assert told(found)["intake.drawing_furniture"] == 2
