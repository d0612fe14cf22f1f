"""Curves, hatches, blocks and rings of a drawing as the shapes that they stand for."""

import math
from pathlib import Path

import numpy as np
import pytest
from ezdxf import filemanagement
from ezdxf.document import Drawing
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

from citybraid.core.errors import InputError
from citybraid.sources.cad.curves import flattened_bulges
from tests.examples import at_most
from tests.sources.planner_files import SOUTH, WEST, new_drawing
from tests.sources.readers.drawings import (
    PLOTS,
    areas,
    at,
    column,
    draw,
    kind_of,
    read,
    reading,
    ring,
    saved,
    told,
    write,
)  # fmt: skip


@at_most(60)
@given(st.floats(-3.0, 3.0).filter(lambda bulge: abs(bulge) > 1e-3), st.floats(1.0, 1000.0), st.floats(1e-3, 0.1))
def test_a_bulge_is_the_arc_it_stands_for(bulge: float, chord: float, tolerance: float) -> None:
    rows = np.array([[0.0, 0.0, bulge], [chord, 0.0, 0.0]])
    points = flattened_bulges(rows, tolerance, closed=False)
    radius = chord * (1 + bulge**2) / (4 * abs(bulge))
    middle = np.array([chord / 2, chord * (1 - bulge**2) / (4 * bulge)])
    assert np.hypot(*(points - middle).T) == pytest.approx(radius, rel=1e-9)
    halfway = (points[1:] + points[:-1]) / 2
    assert (radius - np.hypot(*(halfway - middle).T)).max() <= tolerance * (1 + 1e-9)
    assert len(points) == 2 or np.sign(points[1, 1]) == -np.sign(bulge)


def test_every_curve_keeps_its_area(tmp_path: Path) -> None:
    document = new_drawing()
    space, layer = document.modelspace(), {"layer": PLOTS}
    space.add_circle(at(0, 0), 50, dxfattribs=layer)
    space.add_ellipse(at(500, 0), (100, 0), 0.5, dxfattribs=layer)
    space.add_lwpolyline([(*at(1000, 0), 1.0), (*at(1000, 100), 1.0)], format="xyb", close=True, dxfattribs=layer)
    space.add_polyline2d([(*at(1500, 0), -1.0), (*at(1500, 60), -1.0)], format="xyb", close=True, dxfattribs=layer)
    corners = [at(2000 + 40 * math.cos(turn), 40 * math.sin(turn)) for turn in np.linspace(0, 2 * math.pi, 33)]
    space.add_spline(corners, dxfattribs=layer)
    space.add_arc(at(2500, 0), 30, 0, 180, dxfattribs=layer)
    space.add_line(at(2470, 0), at(2530, 0), dxfattribs=layer)
    found = areas(reading(document, tmp_path))
    circle = math.pi * np.array([50, math.sqrt(5000), 50, 30, 40, 30 / math.sqrt(2)]) ** 2
    assert found == pytest.approx(sorted(circle), rel=2e-3)


def test_a_mirrored_plane_is_turned_back(tmp_path: Path) -> None:
    document = new_drawing()
    mirrored = [(-x, y) for x, y in ring(100)]
    document.modelspace().add_lwpolyline(mirrored, close=True, dxfattribs={"layer": PLOTS, "extrusion": (0, 0, -1)})
    document.modelspace().add_circle((-WEST - 500, SOUTH), 10, dxfattribs={"layer": PLOTS, "extrusion": (0, 0, -1)})
    shapes = column(reading(document, tmp_path), "parcels").value
    assert shapes.iloc[0].equals(Polygon(ring(100)))
    assert shapes.iloc[1].centroid.x == pytest.approx(WEST + 500)


def test_blocks_are_taken_apart_wherever_they_stand(tmp_path: Path) -> None:
    document = new_drawing()
    inner = document.blocks.new("内")
    inner.add_lwpolyline([(0, 0), (10, 0), (10, 5), (0, 5)], close=True, dxfattribs={"layer": "0"})
    inner.add_circle((20, 0), 5, dxfattribs={"layer": "0"})
    outer = document.blocks.new("外", base_point=(1, 1))
    outer.add_blockref("内", (1, 1), dxfattribs={"layer": "0", "xscale": 2, "rotation": 90})
    space = document.modelspace()
    space.add_blockref("外", at(0, 0), dxfattribs={"layer": PLOTS, "xscale": -1, "yscale": 3})
    array = {"layer": PLOTS, "row_count": 2, "column_count": 3, "row_spacing": 50, "column_spacing": 60}
    space.add_blockref("内", at(500, 0), dxfattribs=array)
    found = reading(document, tmp_path)
    circle = math.pi * 25
    assert areas(found) == pytest.approx(sorted([300, 6 * circle, *[50] * 6, *[circle] * 6]), rel=2e-3)
    edges = column(found, "parcels").value.iloc[0].bounds
    assert edges == pytest.approx((WEST, SOUTH, WEST + 5, SOUTH + 60))
    assert column(found, "parcels").value.index.is_unique


def test_attributes_of_blocks_are_texts(tmp_path: Path) -> None:
    document = new_drawing()
    label = document.blocks.new("地块标签")
    label.add_attdef("编号", (0, 0), dxfattribs={"layer": "标注"})
    draw(document, ring())
    mark = document.modelspace().add_blockref("地块标签", at(50, 50), dxfattribs={"layer": "标注"})
    mark.add_attrib("编号", "A-01-07", at(50, 50))
    mark.add_attrib("指标", "容积率 1.8", at(50, 40))
    found = reading(document, tmp_path)
    assert list(column(found, "plot_number").value) == ["A-01-07"]
    assert list(column(found, "floor_area_ratio").value) == [1.8]


def hatched(document: Drawing) -> None:
    """A parcel's outline, hatched but for an island, on a layer that names its use."""
    draw(document, ring())
    hatch = document.modelspace().add_hatch(dxfattribs={"layer": "用地-070102-住宅"})
    hatch.paths.add_polyline_path(ring(), is_closed=True, flags=1)
    hatch.paths.add_polyline_path(ring(30, 30, 20), is_closed=True, flags=16)


def test_a_hatch_in_its_outline_counts_once_and_lends_its_island_and_use(tmp_path: Path) -> None:
    document = new_drawing()
    hatched(document)
    found = reading(document, tmp_path)
    assert areas(found) == pytest.approx([1e4 - 400])
    assert told(found)["intake.rings_twice"] == 1
    assert list(column(found, "land_use").value) == ["070102"]


def test_a_hatch_of_edges(tmp_path: Path) -> None:
    document = new_drawing()
    edges = document.modelspace().add_hatch(dxfattribs={"layer": PLOTS}).paths.add_edge_path()
    edges.add_arc(at(0, 0), 50, 0, 180)
    edges.add_line(at(50, 0), at(-50, 0))
    assert areas(reading(document, tmp_path)) == pytest.approx([math.pi * 1250], rel=1e-3)


def test_plots_drawn_of_lines_become_rings(tmp_path: Path) -> None:
    document = new_drawing()
    space, layer = document.modelspace(), {"layer": PLOTS}
    for east in (0, 100, 200):
        space.add_line(at(east, 0), at(east, 100), dxfattribs=layer)
    space.add_line(at(0, 0.2), at(200, 0), dxfattribs=layer)
    space.add_line(at(0, 100), at(199.8, 100.1), dxfattribs=layer)
    space.add_line(at(300, 0), at(400, 50), dxfattribs=layer)
    found = reading(document, tmp_path)
    assert areas(found) == pytest.approx([1e4, 1e4], rel=2e-3)
    assert told(found)["intake.rings_joined"] == 2
    assert told(found)["intake.rings_open"] == 1


def test_lines_across_a_ring_divide_it(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    document.modelspace().add_line(at(40, 0.0), at(40, 99.8), dxfattribs={"layer": PLOTS})
    draw(document, ring(300))
    document.modelspace().add_line(at(320, 20), at(340, 50), dxfattribs={"layer": PLOTS})
    found = reading(document, tmp_path)
    assert areas(found) == pytest.approx([4000, 6000, 10000], rel=1e-3)
    assert told(found)["intake.rings_divided"] == 1
    assert told(found)["intake.rings_open"] == 1


def test_a_court_is_cut_out_where_no_text_stands_in_it(tmp_path: Path) -> None:
    document = new_drawing()
    for east in (0, 200):
        draw(document, ring(east))
        draw(document, ring(east + 40, 40, 20))
        write(document, "A-01-01" if east else "A-01-02", east + 10, 10)
    write(document, "A-01-03", 245, 45)
    found = reading(document, tmp_path)
    assert areas(found) == pytest.approx([400, 9600, 9600])
    assert kind_of(found, "intake.rings_courts") == "guessed"
    assert (told(found)["intake.rings_courts"], told(found)["intake.rings_nested"]) == (1, 1)
    assert sorted(column(found, "plot_number").value) == ["A-01-01", "A-01-02", "A-01-03"]


def test_a_courtyard_of_a_building(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring(side=40), "建筑")
    draw(document, ring(10, 10, 20), "建筑")
    write(document, "砼6", 2, 2)
    draw(document, ring(100, side=40), "建筑")
    draw(document, ring(110, 10, 20), "建筑")
    found = reading(document, tmp_path, "buildings")
    assert areas(found, "buildings") == pytest.approx([400, 1200, 1600])


def test_a_line_around_all_plots_is_no_plot(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring(side=200))
    for east in (0, 100):
        for north in (0, 100):
            draw(document, ring(east, north))
    found = reading(document, tmp_path)
    assert areas(found) == [1e4] * 4
    assert told(found)["intake.rings_around"] == 1


def test_doubles_gaps_and_nothing_at_all(tmp_path: Path) -> None:
    document = new_drawing()
    for _ in range(3):
        draw(document, ring())
    draw(document, ring(200)[::-1])
    draw(document, ring(200))
    space, layer = document.modelspace(), {"layer": PLOTS}
    space.add_lwpolyline([*ring(400), at(400, 1.5)], dxfattribs=layer)
    space.add_lwpolyline([at(600, 0)] * 4, close=True, dxfattribs=layer)
    space.add_lwpolyline([(math.nan, SOUTH), at(0, 0), at(0, 9)], close=True, dxfattribs=layer)
    space.add_lwpolyline([(1e300, SOUTH), at(0, 0), at(0, 9)], close=True, dxfattribs=layer)
    found = reading(document, tmp_path)
    assert areas(found) == [1e4, 1e4]
    assert told(found)["intake.rings_twice"] == 3
    assert told(found)["intake.rings_open"] == 1
    assert told(found)["intake.entities_lost"] == 3
    wider = reading(document, tmp_path, gap=2.0)
    assert len(areas(wider)) == 3
    assert told(wider)["intake.rings_closed"] == 1


@pytest.mark.parametrize("how", ["off", "freeze"])
def test_hidden_layers_are_told_and_read_where_asked_for(tmp_path: Path, how: str) -> None:
    document = new_drawing()
    getattr(document.layers.add("用地-旧版"), how)()
    draw(document, ring())
    draw(document, ring(200), "用地-旧版")
    found = reading(document, tmp_path)
    assert len(areas(found)) == 1
    assert told(found)["intake.hidden_left"] == 1
    both = reading(document, tmp_path, hidden=True)
    assert len(areas(both)) == 2
    assert told(both)["intake.hidden_read"] == 1


def test_what_cannot_be_read_is_told_with_what_to_do(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    space, layer = document.modelspace(), {"layer": PLOTS}
    space.add_solid([at(0, -9), at(9, -9), at(0, -1), at(9, -1)], dxfattribs=layer)
    space.add_3dface([at(0, -9), at(9, -9), at(9, -1)], dxfattribs=layer)
    space.add_ray(at(0, 0), (1, 0), dxfattribs=layer)
    document.layout("Layout1").add_text("图框")
    document.add_xref_def("../底图/地形.dwg", "地形")
    space.add_blockref("地形", at(0, 0))
    found = told(reading(document, tmp_path))
    assert found["intake.entities_faces"] == 2
    assert found["intake.entities_skipped"] == 1
    assert found["intake.drawing_paper"] == 1
    assert found["intake.drawing_references"] == 1


def test_level_faces_are_rings_and_pieces_of_surfaces_are_not(tmp_path: Path) -> None:
    """Plots drawn as faces were lost: four corners at one height are a plot, a triangle or a slope is a surface."""
    document = new_drawing()
    space, layer = document.modelspace(), {"layer": PLOTS}
    for east in (0.0, 200.0):
        space.add_3dface(ring(east), dxfattribs=layer)
    space.add_3dface([(*corner, height) for corner, height in zip(ring(400), (0, 0, 5, 5), strict=True)],
                     dxfattribs=layer)  # fmt: skip
    space.add_3dface(ring(600), dxfattribs={**layer, "invisible_edges": 4})
    found = reading(document, tmp_path)
    assert sorted(areas(found)) == [10_000.0, 10_000.0]
    assert told(found)["intake.entities_faces"] == 2


def test_objects_of_add_ons_are_counted(tmp_path: Path) -> None:
    document = new_drawing()
    draw(document, ring())
    path = saved(document, tmp_path)
    foreign = "  0\n{kind}\n  5\n{handle}\n330\n17\n100\nAcDbEntity\n  8\n{layer}\n100\n{marker}\n"
    more = foreign.format(kind="ACAD_PROXY_ENTITY", handle="FFF1", layer="WALL", marker="AcDbProxyEntity\n 90\n498")
    more += foreign.format(kind="REGION", handle="FFF2", layer=PLOTS, marker="AcDbModelerGeometry\n 70\n1")
    more += foreign.format(kind="TCH_WALL", handle="FFF3", layer=PLOTS, marker="TDbWall")
    content = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    end = content.index("  0\nENDSEC", content.index("ENTITIES"))
    path.write_text(content[:end] + more + content[end:], encoding="utf-8")
    found = read(path)
    assert told(found)["intake.entities_region"] == 1
    assert told(found)["intake.entities_proxy"] == 2
    said = next(finding for finding in found.findings if finding.text == "intake.entities_proxy")
    assert "T3" in said.say("en")
    assert "天正" in said.say("zh")


def test_old_drawings_have_polylines_of_vertices(tmp_path: Path) -> None:
    document = filemanagement.new("R12")
    document.modelspace().add_polyline2d(ring(), close=True, dxfattribs={"layer": PLOTS})
    document.modelspace().add_polyline3d(
        [(*corner, 5.0) for corner in ring(200)], close=True, dxfattribs={"layer": PLOTS}
    )
    assert areas(reading(document, tmp_path)) == [1e4, 1e4]


def test_streets_stay_lines(tmp_path: Path) -> None:
    document = new_drawing()
    space = document.modelspace()
    space.add_line(at(0, 0), at(100, 0), dxfattribs={"layer": "道路中心线"})
    space.add_arc(at(0, 0), 50, 0, 90, dxfattribs={"layer": "道路中心线"})
    space.add_circle(at(0, 0), 20, dxfattribs={"layer": "道路中心线"})
    lengths = column(reading(document, tmp_path, "streets"), "streets").value.length
    assert list(lengths) == pytest.approx([100, math.pi * 25, math.pi * 40], rel=1e-3)


def test_a_layer_without_shapes_is_refused_with_the_layers_there_are(tmp_path: Path) -> None:
    document = new_drawing()
    write(document, "A-01-01", 0, 0, PLOTS)
    with pytest.raises(InputError) as caught:
        reading(document, tmp_path)
    assert caught.value.text == "intake.drawing_empty"
    assert PLOTS in caught.value.say("en")


def test_a_drawing_that_only_shows_others_names_them(tmp_path: Path) -> None:
    """A sheet of references was told to close its rings."""
    document = new_drawing()
    document.add_xref_def("../底图/地块.dwg", "地块")
    document.modelspace().add_blockref("地块", (0, 0))
    with pytest.raises(InputError) as caught:
        reading(document, tmp_path)
    assert caught.value.text == "intake.drawing_refers"
    assert "地块.dwg" in caught.value.say("zh")
    assert "../" not in caught.value.say("en")
