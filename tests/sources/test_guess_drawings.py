"""Which layers of a stranger's drawing a draft reads in a role, and where a drawing in feet lies."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.cad.layer_patterns import matches_layer
from citybraid.sources.cad.roles import patterns
from citybraid.sources.intake.guess import Guess, guess_roles, study_place
from tests.sources.planner_files import new_drawing
from tests.sources.readers.drawings import draw

WEST, SOUTH, FOOT = 500_000.0, 3_400_000.0, 0.3048


def ring(column: int, width: float, *, per_metre: float) -> list[tuple[float, float]]:
    west, south = (WEST + 150.0 * column) * per_metre, SOUTH * per_metre
    side = width * per_metre
    return [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]


def guessed(folder: Path, layers: dict[str, float], *, insunits: int = 6, per_metre: float = 1.0) -> dict[str, Guess]:
    """Guess the roles of a drawing with three squares of a width [m] on each layer, and texts of land use."""
    document = new_drawing()
    document.header["$INSUNITS"] = insunits
    for name, width in layers.items():
        for column in range(3):
            draw(document, ring(column, width, per_metre=per_metre), name)
    for column in range(3):
        at = ((WEST + 150.0 * column + 90.0) * per_metre, (SOUTH + 90.0) * per_metre)
        document.modelspace().add_text("R2", height=3 * per_metre, dxfattribs={"layer": "TEXT"}).set_placement(at)
    document.saveas(folder / "plan.dxf")
    return {each.role: each for each in guess_roles(folder) if each.role}


@pytest.mark.parametrize(
    ("layers", "taken", "left"),
    [
        ({"PARCEL": 130.0, "ZONE-R2": 130.0, "BUILDING": 20.0}, ("PARCEL", "ZONE-R2"), ("BUILDING",)),
        ({"GH-地块": 130.0, "GH-居住用地": 130.0, "GH-建筑": 20.0}, ("GH-地块", "GH-居住用地"), ("GH-建筑",)),
        ({"用地-居住": 130.0, "用地-商业": 130.0, "建筑": 20.0}, ("用地-居住", "用地-商业"), ("建筑",)),
    ],
)
def test_layers_of_parcels_are_those_and_no_footprint(
    tmp_path: Path, layers: dict[str, float], taken: tuple[str, ...], left: tuple[str, ...]
) -> None:
    """PARCEL and ZONE-R2 begin alike with nothing: '*' had been written, and 18 footprints were parcels."""
    found = guessed(tmp_path, layers)["parcels"].options["layers"]
    assert isinstance(found, dict)
    assert all(matches_layer(name, (found["parcels"],)) for name in taken)
    assert not any(matches_layer(name, (found["parcels"],)) for name in left)


def test_each_pattern_of_a_list_must_match_a_layer(tmp_path: Path) -> None:
    names = ["PARCEL", "ZONE-R2", "ROAD"]
    assert patterns(names, "parcels", {"parcels": "PARCEL, ZONE-*"}, tmp_path / "plan.dxf")[0] == ("PARCEL, ZONE-*",)
    with pytest.raises(InputError) as caught:
        patterns(names, "parcels", {"parcels": "PARCEL, ZOEN-*"}, tmp_path / "plan.dxf")
    assert caught.value.values["got"] == "ZOEN-*"


def test_a_drawing_in_feet_lies_where_its_metres_do(tmp_path: Path) -> None:
    """1 640 420 and 11 154 856 feet fit no zone: the region of the draft had been empty."""
    place = study_place(guessed(tmp_path, {"PARCEL": 130.0}, insunits=2, per_metre=1 / FOOT).values(), "EPSG:4549")
    assert place == pytest.approx((120.0, 30.72), abs=0.01)


def test_metres_under_a_header_of_millimetres_stay_metres(tmp_path: Path) -> None:
    place = study_place(guessed(tmp_path, {"PARCEL": 130.0}, insunits=4).values(), "EPSG:4549")
    assert place == pytest.approx((120.0, 30.72), abs=0.01)
