"""GBK drawings: arcs, nearly closed rings, texts given to their parcels."""

import math
from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.readers import dxf
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, drawing, new_drawing

LIMITS = Limits()


def read(path: Path, role: str = "parcels", **said: object) -> Reading:
    return dxf.read(path, role, dxf.Options.model_validate({"crs": CRS, **said}), TARGET, limits=LIMITS)


def column(reading: Reading, name: str) -> SourceLayer:
    return next(found for found in reading.layers if found.var.name == name)


def counts(reading: Reading) -> dict[str, int]:
    return {finding.text: finding.count for finding in reading.findings}


@pytest.mark.parametrize(("version", "codepage"), [("R2000", "gbk"), ("R2010", "utf-8")])
def test_texts_are_given_to_the_parcel_that_holds_them(tmp_path: Path, version: str, codepage: str) -> None:
    reading = read(drawing(tmp_path / "控规.dxf", version=version, codepage=codepage))
    by_plot = {plot: row for row, plot in enumerate(column(reading, "plot_number").value)}
    first, second = by_plot["A-01-01"], by_plot["A-01-02"]
    assert column(reading, "land_use").value.iloc[first] == "070102"
    assert column(reading, "floor_area_ratio").value.iloc[first] == 2.5
    assert column(reading, "building_density").value.iloc[first] == pytest.approx(0.28)
    assert column(reading, "green_ratio").value.iloc[first] == pytest.approx(0.35)
    assert column(reading, "height_limit").value.iloc[first] == 60.0
    assert column(reading, "land_use").value.iloc[second] == "0902"
    assert column(reading, "floor_area_ratio").value.iloc[second] == 3.0


def test_arcs_keep_their_area_and_small_gaps_are_closed(tmp_path: Path) -> None:
    reading = read(drawing(tmp_path / "a.dxf"))
    areas = sorted(column(reading, "parcels").value.area)
    assert areas[-1] == pytest.approx(1e4 + math.pi * 50**2 / 2, rel=1e-4)
    assert areas[-2] == pytest.approx(1e4, rel=1e-9)
    assert areas[-3] == pytest.approx(5000.0, rel=0.01)
    told = counts(reading)
    assert told["intake.rings_closed"] == 1
    assert told["intake.rings_open"] == 1
    assert told["intake.texts_loose"] == 1


def test_gbk_bytes_under_a_western_code_page_are_still_read(tmp_path: Path) -> None:
    path = drawing(tmp_path / "a.dxf")
    path.write_bytes(path.read_bytes().replace(b"ANSI_936", b"ANSI_1252"))
    reading = read(path)
    assert "A-01-01" in set(column(reading, "plot_number").value)
    assert column(reading, "land_use").value.iloc[0] == "070102"
    assert "intake.encoding_wrong" in counts(reading)


def test_no_crs_is_refused_with_candidates(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(drawing(tmp_path / "a.dxf"), crs="")
    assert caught.value.text == "intake.crs_missing"
    assert "EPSG:4549" in caught.value.say("zh")


def test_millimetres_are_brought_to_metres(tmp_path: Path) -> None:
    document = new_drawing()
    document.header["$INSUNITS"] = 4
    ring = [(x * 1000, y * 1000) for x, y in ((WEST, SOUTH), (WEST + 10, SOUTH), (WEST + 10, SOUTH + 10))]
    document.modelspace().add_lwpolyline(ring, close=True, dxfattribs={"layer": "parcel"})
    document.saveas(tmp_path / "a.dxf")
    reading = read(tmp_path / "a.dxf")
    assert column(reading, "parcels").value.area.iloc[0] == pytest.approx(50.0)
    assert "intake.unit_stated" in counts(reading)


def test_floors_of_topographic_maps_and_blocks(tmp_path: Path) -> None:
    document = new_drawing()
    block = document.blocks.new("房")
    block.add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10)], close=True, dxfattribs={"layer": "建筑"})
    space = document.modelspace()
    for number, text in enumerate(("砼6", "混3", "18F", "门卫")):
        at = (WEST + 20 * number, SOUTH)
        space.add_blockref("房", at, dxfattribs={"layer": "0"})
        space.add_text(text, dxfattribs={"layer": "注记", "insert": (at[0] + 5, at[1] + 5)})
    document.saveas(tmp_path / "a.dxf")
    reading = read(tmp_path / "a.dxf", "buildings")
    assert column(reading, "buildings").value.area.tolist() == pytest.approx([100.0] * 4)
    assert column(reading, "floors").value.tolist()[:3] == [6.0, 3.0, 18.0]
    assert counts(reading)["intake.texts_unread"] == 1


def test_layers_may_carry_the_land_use(tmp_path: Path) -> None:
    document = new_drawing()
    for number, layer in enumerate(("用地-070102-二类城镇住宅用地", "用地_R2", "公园绿地 用地", "用地线")):
        west = WEST + 20 * number
        ring = [(west, SOUTH), (west + 10, SOUTH), (west + 10, SOUTH + 10), (west, SOUTH + 10)]
        document.modelspace().add_lwpolyline(ring, close=True, dxfattribs={"layer": layer})
    document.saveas(tmp_path / "a.dxf")
    reading = read(tmp_path / "a.dxf", scheme="urban_2011")
    assert column(reading, "land_use").value.tolist() == ["070102", "070102", "1401", ""]
    assert counts(reading)["intake.use_from_layer"] == 3


def test_layers_by_pattern_and_absent_ones(tmp_path: Path) -> None:
    path = drawing(tmp_path / "a.dxf")
    assert len(column(read(path, layers={"parcels": "用地*"}), "parcels").value) == 3
    with pytest.raises(InputError) as caught:
        read(path, layers={"parcels": "道路*"})
    assert caught.value.text == "intake.drawing_layer_absent"
    assert "用地边界" in caught.value.say("en")


def test_text_file_is_no_drawing(tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    path.write_text("这不是图\n", encoding="utf-8")
    with pytest.raises(InputError):
        read(path)
