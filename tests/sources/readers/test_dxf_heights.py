"""Contours and spot heights of a drawing make a terrain; what is no elevation is refused."""

import math
from pathlib import Path

import numpy as np
import pytest
from ezdxf.document import Drawing

from citybraid.core.errors import InputError
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import dxf
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, new_drawing
from tests.sources.readers.drawings import at, kind_of, ring, saved, told, write

GRID = TARGET.placed((WEST, SOUTH, WEST + 200.0, SOUTH + 200.0))
SLOPE = 0.05
CONTOURS, SPOTS = "等高线", "高程点"


def heights(document: Drawing, folder: Path, *, target: Target = GRID, **said: object) -> Reading:
    """Read the terrain of a drawing."""
    options = dxf.Options.model_validate({"crs": CRS, **said})
    return dxf.read(saved(document, folder), "terrain", options, target, limits=Limits())


def values(found: Reading) -> np.ndarray:
    (layer,) = found.layers
    assert layer.var.name == "terrain"
    array: np.ndarray = layer.value.to_numpy()
    return array


def centres(target: Target = GRID) -> tuple[np.ndarray, np.ndarray]:
    """East and north of the cells' centres, counted from the town's corner [m]."""
    assert target.base is not None
    rows, columns = target.base.shape
    x, _ = target.base.affine * (np.arange(columns) + 0.5, np.zeros(columns))
    _, y = target.base.affine * (np.zeros(rows), np.arange(rows) + 0.5)
    east, north = np.meshgrid(x - WEST, y - SOUTH)
    return east, north


def contour(document: Drawing, east: float, height: float, layer: str = CONTOURS, kind: str = "lwpolyline") -> None:
    """Add a straight contour from south to north."""
    ends = [at(east, -50), at(east, 250)]
    space, about = document.modelspace(), {"layer": layer}
    if kind == "lwpolyline":
        space.add_lwpolyline(ends, dxfattribs={**about, "elevation": height})
    elif kind == "polyline":
        space.add_polyline2d(ends, dxfattribs={**about, "elevation": (0, 0, height)})
    elif kind == "line":
        space.add_line((*ends[0], height), (*ends[1], height), dxfattribs=about)
    else:
        space.add_polyline3d([(*end, height) for end in ends], dxfattribs=about)


def finding(found: Reading, text: str) -> dict[str, object]:
    return dict(next(each for each in found.findings if each.text == text).values)


@pytest.mark.parametrize("kind", ["lwpolyline", "polyline", "polyline3d", "line"])
def test_a_tilted_plane_of_contours_is_found_again(tmp_path: Path, kind: str) -> None:
    document = new_drawing()
    for east in range(-40, 260, 20):
        contour(document, east, 10 + SLOPE * east, kind=kind)
    found = heights(document, tmp_path)
    x, _ = centres()
    assert np.allclose(values(found), 10 + SLOPE * x, atol=1e-4)
    about = finding(found, "intake.heights_read")
    assert about["error"] == pytest.approx(0.0, abs=1e-3)
    assert about["outside"] == 0.0
    assert about["level"] == pytest.approx(0.0, abs=0.1)
    assert finding(found, "intake.heights_drawn")["contours"] == 15
    layer = found.layers[0]
    assert layer.value.attrs["interpolation_error"] == pytest.approx(0.0, abs=1e-3)
    assert "Delaunay" in layer.value.attrs["interpolation"]


def test_a_cone_is_linear_between_its_contours_and_level_at_its_top(tmp_path: Path) -> None:
    """Height 60 - 0.2 r: between the circles of 20 m and 40 m it falls from 56 to 52, inside of 20 m it is 56."""
    document = new_drawing()
    for radius in (20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 140.0):
        corners = [
            at(100 + radius * math.cos(angle), 100 + radius * math.sin(angle))
            for angle in np.linspace(0, 2 * math.pi, 180, endpoint=False)
        ]
        about = {"layer": "DGX", "elevation": 60 - 0.2 * radius}
        document.modelspace().add_lwpolyline(corners, close=True, dxfattribs=about)
    found = heights(document, tmp_path)
    x, y = centres()
    away = np.hypot(x - 100, y - 100)
    surface = values(found)
    between = (away > 22) & (away < 138)
    assert np.abs(surface - (60 - 0.2 * away))[between].max() < 0.03
    assert np.allclose(surface[away < 18], 56.0)
    share = math.pi * 20**2 / (math.pi * 140**2)
    assert float(str(finding(found, "intake.heights_read")["level"])) == pytest.approx(100 * share, abs=0.1)


def test_ground_outside_of_the_contours_has_no_data(tmp_path: Path) -> None:
    document = new_drawing()
    for east in (0, 50, 100):
        contour(document, east, 10 + SLOPE * east)
    found = heights(document, tmp_path)
    surface = values(found)
    x, _ = centres()
    assert np.isnan(surface[x > 100]).all()
    assert np.isfinite(surface[x < 100]).all()
    assert float(str(finding(found, "intake.heights_read")["outside"])) == pytest.approx(50.0)
    assert "have no data" in next(each for each in found.findings if each.text == "intake.heights_read").say("en")


def test_spots_are_points_blocks_attributes_or_numbers(tmp_path: Path) -> None:
    """Each of the four ways states the plane 10 + 0.05 east; the number beside a point is no second spot."""
    document = new_drawing()
    space, layer = document.modelspace(), {"layer": SPOTS}
    document.blocks.new("GC200").add_circle((0, 0), 0.5)
    document.blocks.new("标高").add_attdef("height", (0, 0))
    for number, (east, north) in enumerate((e, n) for e in range(-20, 240, 40) for n in range(-20, 240, 40)):
        height = 10 + SLOPE * east
        if number % 4 == 0:
            space.add_point((*at(east, north), height), dxfattribs=layer)
            write(document, f"{height:.1f}", east + 2, north, SPOTS)
        elif number % 4 == 1:
            space.add_blockref("GC200", (*at(east, north), height), dxfattribs=layer)
        elif number % 4 == 2:
            space.add_blockref("标高", at(east, north), dxfattribs=layer).add_attrib("height", f"{height:.2f}")
        else:
            write(document, f"{height:.2f}", east, north, SPOTS)
    found = heights(document, tmp_path)
    x, _ = centres()
    assert np.allclose(values(found), 10 + SLOPE * x, atol=1e-3)
    about = finding(found, "intake.heights_drawn")
    assert [about[name] for name in ("spots", "points", "blocks", "attributes", "texts")] == [49, 13, 12, 12, 12]
    assert float(str(finding(found, "intake.heights_read_spots")["error"])) == pytest.approx(0.0, abs=1e-3)


def test_a_point_at_zero_takes_the_number_beside_it(tmp_path: Path) -> None:
    document = new_drawing()
    for east in range(-20, 240, 40):
        for north in range(-20, 240, 40):
            document.modelspace().add_point(at(east, north), dxfattribs={"layer": SPOTS})
            write(document, f"{10 + SLOPE * east:.1f}", east + 2, north, SPOTS)
    document.modelspace().add_point(at(105, 105), dxfattribs={"layer": SPOTS})
    found = heights(document, tmp_path)
    x, _ = centres()
    assert np.allclose(values(found), 10 + SLOPE * x, atol=1e-3)
    assert told(found)["intake.heights_unknown"] == 1
    assert finding(found, "intake.heights_drawn")["texts"] == 49


def test_flat_contours_take_the_number_that_lies_on_them(tmp_path: Path) -> None:
    document = new_drawing()
    for east in range(-40, 260, 20):
        contour(document, east, 0.0)
        write(document, f"{10 + SLOPE * east:.0f}", east - 1, 60)
    for index, east in enumerate(range(-40, 260, 20)):
        text = document.modelspace().query("TEXT")[index]
        text.dxf.layer = CONTOURS
        text.dxf.text = f"{100 + east}"
    found = heights(document, tmp_path)
    x, _ = centres()
    assert np.allclose(values(found), 100 + x, atol=1e-3)
    assert told(found)["intake.heights_labels"] == 15
    assert kind_of(found, "intake.heights_labels") == "guessed"


def test_contours_at_zero_among_high_ground_are_left_out(tmp_path: Path) -> None:
    document = new_drawing()
    for east in range(-40, 260, 20):
        contour(document, east, 400 + SLOPE * east)
    contour(document, 33, 0.0)
    found = heights(document, tmp_path)
    assert values(found).min() > 397.0
    assert told(found)["intake.heights_zero_left"] == 1


def test_a_shore_at_zero_stays(tmp_path: Path) -> None:
    document = new_drawing()
    for number, east in enumerate(range(-50, 300, 50)):
        contour(document, east, float(number))
    found = heights(document, tmp_path)
    assert "intake.heights_zero_left" not in told(found)
    x, _ = centres()
    assert np.allclose(values(found), (x + 50) / 50, atol=1e-3)


@pytest.mark.parametrize(
    ("text", "height"),
    [
        ("intake.heights_zero", lambda _: 0.0),
        ("intake.heights_level", lambda _: 45.0),
        ("intake.heights_implausible", lambda x: 45_000 + 50 * x),
        ("intake.heights_implausible", lambda x: 4_500 + 5 * x),
        ("intake.heights_implausible", lambda x: -3_000 + SLOPE * x),
    ],
)
def test_what_is_no_elevation_is_refused(tmp_path: Path, text: str, height: object) -> None:
    """Nothing stated, one level, millimetres, centimetres (relief larger than the map), below every shore."""
    document = new_drawing()
    for east in range(-40, 260, 20):
        contour(document, east, float(height(east)))  # type: ignore[operator]  # a lambda
    with pytest.raises(InputError) as caught:
        heights(document, tmp_path)
    assert caught.value.text == text
    assert "图" in caught.value.say("zh")


@pytest.mark.parametrize(("times", "text"), [(1000.0, "intake.heights_unit"), (1.0, "intake.heights_metres")])
def test_a_drawing_in_millimetres_has_heights_in_either_unit(tmp_path: Path, times: float, text: str) -> None:
    document = new_drawing()
    for east in range(-40, 260, 20):
        ends = [(1000 * x, 1000 * y) for x, y in (at(east, -50), at(east, 250))]
        about = {"layer": CONTOURS, "elevation": times * (10 + SLOPE * east)}
        document.modelspace().add_lwpolyline(ends, dxfattribs=about)
    found = heights(document, tmp_path, unit="mm")
    x, _ = centres()
    assert np.allclose(values(found), 10 + SLOPE * x, atol=1e-3)
    assert told(found)[text] == 1


def test_the_numbers_beside_spots_decide_on_the_unit_of_heights(tmp_path: Path) -> None:
    document = new_drawing()
    for east in range(-20, 240, 40):
        for north in range(-20, 240, 40):
            x, y = at(east, north)
            place = (1000 * x, 1000 * y, 300 + 5 * east)
            document.modelspace().add_point(place, dxfattribs={"layer": SPOTS})
            about = {"layer": SPOTS, "insert": (1000 * (x + 2), 1000 * y), "height": 3000}
            document.modelspace().add_text(f"{0.3 + 0.005 * east:.2f}", dxfattribs=about)
    found = heights(document, tmp_path, unit="mm")
    assert values(found).max() < 2.0
    assert told(found)["intake.heights_unit"] == 1


def test_heights_that_differ_from_their_number_are_told(tmp_path: Path) -> None:
    document = new_drawing()
    for east in range(-20, 240, 40):
        for north in range(-20, 240, 40):
            height = 10 + SLOPE * east
            document.modelspace().add_point((*at(east, north), height), dxfattribs={"layer": SPOTS})
            write(document, f"{height + (5 if east == north == 100 else 0):.1f}", east + 2, north, SPOTS)
    found = heights(document, tmp_path)
    assert told(found)["intake.heights_differ"] == 1


def test_contours_in_local_coordinates_are_placed_by_points(tmp_path: Path) -> None:
    document = new_drawing()
    for east in range(-40, 260, 20):
        about = {"layer": CONTOURS, "elevation": 10 + SLOPE * east}
        document.modelspace().add_lwpolyline([(east, -50), (east, 250)], dxfattribs=about)
    points = [[0, 0, WEST, SOUTH], [100, 0, WEST + 100, SOUTH]]
    found = heights(document, tmp_path, crs="local", unit="m", registration={"points": points})
    x, _ = centres()
    assert np.allclose(values(found), 10 + SLOPE * x, atol=1e-3)
    with pytest.raises(InputError, match="control points"):
        heights(document, tmp_path, crs="local", unit="m", registration={"to": "buildings"})


def test_contours_are_no_parcels_and_a_terrain_is_guessed(tmp_path: Path) -> None:
    document = new_drawing()
    document.modelspace().add_lwpolyline(ring(), close=True, dxfattribs={"layer": "用地"})
    for east in range(-40, 260, 20):
        contour(document, east, 10 + SLOPE * east)
    document.modelspace().add_point((*at(50, 50), 12.0), dxfattribs={"layer": SPOTS})
    saved(document, tmp_path)
    options = {guess.role: guess.options for guess in guess_roles(tmp_path)}
    assert options == {"parcels": {"layers": {"parcels": "用地"}}, "terrain": {"layers": {}}}


def test_contours_on_a_layer_of_any_name_are_known_by_their_elevations(tmp_path: Path) -> None:
    document = new_drawing()
    for east in range(-40, 260, 20):
        contour(document, east, 10 + SLOPE * east, layer="图层1")
    saved(document, tmp_path)
    (guess,) = guess_roles(tmp_path)
    assert (guess.role, guess.options) == ("terrain", {"layers": {"terrain": "图层1"}})


def test_many_points_are_thinned_and_the_grid_is_made_in_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = new_drawing()
    for east in range(-40, 260, 20):
        contour(document, east, 10 + SLOPE * east)
    monkeypatch.setattr("citybraid.sources.tabular.height_surface.MOST", 200)
    monkeypatch.setattr("citybraid.sources.tabular.height_surface.BLOCK", 100)
    found = heights(document, tmp_path)
    x, _ = centres()
    assert int(str(finding(found, "intake.heights_read")["points"])) <= 200
    assert np.nanmax(np.abs(values(found) - (10 + SLOPE * x))) < 1e-3


def test_too_many_contours_are_refused(tmp_path: Path) -> None:
    document = new_drawing()
    for east in range(-40, 260, 20):
        contour(document, east, 10 + SLOPE * east)
    path = saved(document, tmp_path)
    with pytest.raises(InputError) as caught:
        dxf.read(path, "terrain", dxf.Options(crs=CRS), GRID, limits=Limits(features=5))
    assert caught.value.text == "intake.too_many_features"
