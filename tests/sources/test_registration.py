"""Drawings in coordinates of their own are placed by matching and by control points, or refused."""

import cmath
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ezdxf import filemanagement
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from shapely.affinity import rotate
from shapely.geometry import Polygon, box

from citybraid.core.errors import InputError, InputErrors
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.placement.registration import Placement, Shapes, by_layer, by_points, least_squares
from citybraid.sources.protocol.filespec import FileSpec, Method, Register
from citybraid.sources.protocol.target import Target
from tests.examples import at_most
from tests.sources.planner_files import CRS, SOUTH, WEST

ANGLE, SCALE = math.radians(37.0), 1.0002
OWN = 1234.0 + 567.0j
"""Where the drawing's own coordinates put the town's corner."""


def town(count: int, seed: int = 3, *, regular: bool = False) -> list[Polygon]:
    """Buildings of a few sizes on a loose raster, or all alike on a strict one."""
    chance = np.random.default_rng(seed)
    side = math.ceil(math.sqrt(count))
    made = []
    for number in range(count):
        x, y = WEST + 35.0 * (number % side), SOUTH + 30.0 * (number // side)
        if regular:
            made.append(box(x, y, x + 15, y + 10))
            continue
        x, y = x + chance.uniform(-6, 6), y + chance.uniform(-6, 6)
        width, height = chance.choice([12.0, 15.0, 20.0, 24.0]), chance.choice([9.0, 11.0, 14.0])
        made.append(rotate(box(x, y, x + width, y + height), chance.uniform(-5, 5)))
    return made


def local(shapes: list[Polygon], angle: float = ANGLE, scale: float = SCALE) -> list[Polygon]:
    """The shapes as a drawing holds them that is turned, scaled and moved."""
    turn = cmath.exp(-1j * angle) / scale

    def back(xy: np.ndarray) -> np.ndarray:
        z = (xy[:, 0] - WEST + 1j * (xy[:, 1] - SOUTH)) * turn + OWN
        return np.column_stack([z.real, z.imag])

    return [shapely.transform(shape, back) for shape in shapes]


def shaken(shapes: list[Polygon], seed: int = 5) -> list[Polygon]:
    """The shapes with corners off by 5 cm, every tenth grown into another building."""
    chance = np.random.default_rng(seed)
    made = []
    for number, shape in enumerate(shapes):
        west, south, east, north = shape.bounds
        whole = box(west, south, east + 12, north + 8) if number % 10 == 0 else shape
        corners = shapely.get_coordinates(whole)[:-1]
        made.append(Polygon(corners + chance.normal(0, 0.05, corners.shape)))
    return made


def farthest(placement: Placement, drawn: list[Polygon], meant: list[Polygon]) -> float:
    """The most that a corner ends up from where it belongs [m]."""
    there, here = (shapely.get_coordinates(shapes)[:, 0] + 1j * shapely.get_coordinates(shapes)[:, 1]
                   for shapes in (drawn, meant))  # fmt: skip
    return float(np.abs(placement.moved(there) - here).max())


@pytest.mark.parametrize(("count", "angle", "scale"), [(40, 37.0, 1.0002), (200, 200.0, 0.001), (900, -90.0, 1.0)])
def test_a_turned_and_scaled_drawing_is_found_again(count: int, angle: float, scale: float) -> None:
    meant = shaken(town(count))
    drawn = local(meant, math.radians(angle), scale)
    chance = np.random.default_rng(1)
    left = [shape for shape in town(count) if chance.random() > 0.4]
    fit = by_layer(Shapes.of(drawn), Shapes.of(left), "similarity", name="a", to="buildings")
    assert farthest(fit.placement, drawn, meant) < 0.2
    assert abs(fit.placement.a) == pytest.approx(scale, rel=1e-3)
    assert fit.matched >= 0.3 * count
    assert fit.rms < 0.1


def test_a_moved_drawing_is_found_by_translation_and_not_turned() -> None:
    meant = shaken(town(100))
    drawn = local(meant, 0.0, 1.0)
    fit = by_layer(Shapes.of(drawn), Shapes.of(town(100)), "translation", name="a", to="buildings")
    assert fit.placement.a == 1
    assert farthest(fit.placement, drawn, meant) < 0.2


@pytest.mark.parametrize(
    ("drawn", "target", "method", "text"),
    [
        (town(225, regular=True), town(225, regular=True), "similarity", "intake.register_ambiguous"),
        (town(100, seed=1), town(100, seed=2), "similarity", "intake.register_poor"),
        (local(town(100)), town(100), "translation", "intake.register_none"),
        (town(100)[:3], town(100), "similarity", "intake.register_few"),
    ],
)
def test_what_is_not_sure_is_refused(drawn: list[Polygon], target: list[Polygon], method: Method, text: str) -> None:
    with pytest.raises(InputError) as caught:
        by_layer(Shapes.of(drawn), Shapes.of(target), method, name="图.dxf", to="buildings")
    assert caught.value.text == text
    assert "图.dxf" in caught.value.say("zh")


def test_control_points_place_and_tell_their_residual() -> None:
    corners = [complex(0, 0), complex(1000, 0), complex(0, 500), complex(1000, 500)]
    turn = 0.001 * cmath.exp(1j * ANGLE)
    there = [turn * z * 1000 + complex(WEST, SOUTH) for z in corners]
    there[3] += 0.4
    points = tuple((z.real * 1000, z.imag * 1000, w.real, w.imag) for z, w in zip(corners, there, strict=True))
    fit = by_points(Register(points=points), 0.001, name="a")
    assert fit.matched == 4
    assert 0.05 < fit.rms <= fit.largest < 0.4
    one = by_points(Register(points=points[:1], method="translation"), 0.001, name="a")
    assert one.placement.moved(np.array([0j]))[0] == pytest.approx(complex(WEST, SOUTH))


@pytest.mark.parametrize("points", [((0, 0, 1, 1),), ((0, 0, 1, 1), (0, 0, 2, 2))])
def test_too_few_control_points_are_refused(points: tuple[tuple[float, float, float, float], ...]) -> None:
    with pytest.raises(InputError) as caught:
        by_points(Register(points=points), 1.0, name="a")
    assert caught.value.text == "intake.points_few"


@pytest.mark.parametrize("said", [{}, {"to": "buildings", "points": ((0, 0, 1, 1),)}])
def test_one_way_of_placing_is_named(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Register.model_validate(said)


@at_most(40)
@given(
    st.floats(-math.pi, math.pi), st.floats(0.01, 100.0), st.complex_numbers(max_magnitude=1e6),
    st.lists(st.complex_numbers(max_magnitude=1e3), min_size=3, max_size=12, unique=True),
)  # fmt: skip
def test_a_similarity_is_recovered_from_exact_pairs(
    angle: float, scale: float, move: complex, points: list[complex]
) -> None:
    source = np.array(points)
    if np.abs(source - source.mean()).max() < 1.0:
        return
    turn = scale * cmath.exp(1j * angle)
    placement = least_squares(source, turn * source + move, "similarity")
    assert np.abs(placement.moved(source) - (turn * source + move)).max() < 1e-6 * scale * 1e3


def write(path: Path, buildings: list[Polygon], parcel: Polygon) -> Path:
    document = filemanagement.new("R2010")
    document.header["$INSUNITS"] = 6
    space = document.modelspace()
    for shape in buildings:
        space.add_lwpolyline(list(shape.exterior.coords)[:-1], close=True, dxfattribs={"layer": "建筑"})
    space.add_lwpolyline(list(parcel.exterior.coords)[:-1], close=True, dxfattribs={"layer": "用地"})
    at = parcel.centroid
    space.add_text("A-01-01", dxfattribs={"layer": "标注", "insert": (at.x, at.y), "height": 2})
    document.saveas(path)
    return path


def taken(folder: Path, **said: object) -> Intake:
    """A study of the town's buildings from a GeoPackage and its parcel from a drawing of its own."""
    parcel = box(WEST, SOUTH, WEST + 200, SOUTH + 150)
    shapes = town(60)
    gpd.GeoDataFrame({"层数": 6}, index=range(len(shapes)), geometry=shapes, crs=CRS).to_file(
        folder / "buildings.gpkg", driver="GPKG"
    )
    drawn = local([*shaken(shapes), parcel], ANGLE, 1.0)
    write(folder / "图.dxf", drawn[:-1], drawn[-1])
    files = {
        "buildings": FileSpec(path="buildings.gpkg"),
        "parcels": FileSpec.model_validate({"path": "图.dxf", "crs": "local", **said}),
    }
    return take_in(files, Target(CRS, 10.0), root=folder)


def test_a_study_places_its_drawing_by_the_buildings_in_it(tmp_path: Path) -> None:
    intake = taken(tmp_path, registration={"to": "buildings"})
    parcels = next(found.value for found in intake.layers if found.var.name == "parcels")
    assert parcels.iloc[0].hausdorff_distance(box(WEST, SOUTH, WEST + 200, SOUTH + 150)) < 0.2
    told = next(finding for finding in intake.findings if finding.text == "intake.registered")
    assert told.layer == "parcels"
    assert "RMS" in told.say("zh")
    assert not [found for found in intake.layers if found.var.on == "anchors"]


def test_a_study_places_its_drawing_by_points(tmp_path: Path) -> None:
    turn = cmath.exp(1j * ANGLE)
    meant = [complex(WEST, SOUTH), complex(WEST, SOUTH) + turn * 100]
    points = [[z.real, z.imag, w.real, w.imag] for z, w in zip((OWN, OWN + 100), meant, strict=True)]
    intake = taken(tmp_path, registration={"points": points})
    parcels = next(found.value for found in intake.layers if found.var.name == "parcels")
    assert parcels.iloc[0].hausdorff_distance(box(WEST, SOUTH, WEST + 200, SOUTH + 150)) < 1e-6
    assert "intake.registered_by_points" in {finding.text for finding in intake.findings}


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({}, "intake.registration_missing"),
        ({"crs": CRS, "registration": {"to": "buildings"}}, "intake.registration_crs"),
        ({"registration": {"to": "units"}}, "intake.register_target"),
    ],
)
def test_what_a_study_must_say_of_a_local_drawing(tmp_path: Path, said: dict[str, object], text: str) -> None:
    with pytest.raises(InputErrors) as caught:
        taken(tmp_path, **said)
    assert text in [fault.text for fault in caught.value.problems]
