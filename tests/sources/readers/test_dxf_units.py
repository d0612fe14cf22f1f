"""In which unit a drawing is drawn: said, stated, or found from where and how large it can only be."""

from pathlib import Path

import pyproj
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.cad.units import METRES, Extent, unit_of
from citybraid.sources.protocol.target import Target
from tests.sources.planner_files import CRS, SOUTH, WEST, new_drawing
from tests.sources.readers.drawings import areas, kind_of, reading, told

PLACE = pyproj.CRS.from_user_input(CRS)


def drawn(folder: Path, insunits: int, factor: float, unit: str = "") -> tuple[list[float], dict[str, int]]:
    """Areas and findings of parcels 100 m wide, drawn with so many drawing units in a metre."""
    document = new_drawing()
    document.header["$INSUNITS"] = insunits
    space = document.modelspace()
    for number in range(12):
        west = WEST + 120 * number
        ring = [(west, SOUTH), (west + 100, SOUTH), (west + 100, SOUTH + 100), (west, SOUTH + 100)]
        space.add_lwpolyline([(x * factor, y * factor) for x, y in ring], close=True, dxfattribs={"layer": "用地"})
        where = {"insert": ((west + 5) * factor, (SOUTH + 5) * factor), "height": 3 * factor}
        space.add_text(f"A-01-{number:02d}", dxfattribs=where)
    found = reading(document, folder, unit=unit)
    return areas(found), told(found)


@pytest.mark.parametrize(
    ("insunits", "factor", "text"),
    [
        (6, 1, ""),
        (4, 1000, "intake.unit_stated"),
        (5, 100, "intake.unit_stated"),
        (7, 1e-3, "intake.unit_stated"),
        (1, 1 / 0.0254, "intake.unit_stated"),
        (2, 1 / 0.3048, "intake.unit_stated"),
        (0, 1, "intake.drawing_unit_guessed"),
        (0, 1000, "intake.drawing_unit_guessed"),
        (0, 1e-3, "intake.drawing_unit_guessed"),
        (0, 1 / 0.3048, "intake.drawing_unit_guessed"),
        (4, 1, "intake.drawing_unit_wrong"),
        (1, 1, "intake.drawing_unit_wrong"),
    ],
)
def test_the_parcels_come_out_at_their_size(tmp_path: Path, insunits: int, factor: float, text: str) -> None:
    found, findings = drawn(tmp_path, insunits, factor)
    assert found == pytest.approx([1e4] * 12, rel=1e-6)
    unit_texts = {name for name in findings if "unit" in name}
    assert unit_texts == ({text} if text else set())


def test_the_study_knows_best(tmp_path: Path) -> None:
    found, findings = drawn(tmp_path, 6, 1000, unit="mm")
    assert found == pytest.approx([1e4] * 12)
    assert not [name for name in findings if "unit" in name]
    with pytest.raises(InputError) as caught:
        drawn(tmp_path, 6, 1, unit="cubit")
    assert caught.value.text == "intake.drawing_unit"


def test_a_local_drawing_is_judged_by_its_size_and_letters() -> None:
    document = new_drawing()
    document.header["$INSUNITS"] = 0
    for factor, name in ((1.0, "m"), (1000.0, "mm")):
        extent = Extent((0.0, 0.0, 2000.0 * factor, 1500.0 * factor), 5.0 * factor)
        unit, notes = unit_of(document, extent, "", None, Target(CRS, 5.0), name="a", layer="parcels")
        assert unit.name == name
        assert unit.factor == pytest.approx(1 / factor)
        assert [note.kind for note in notes] == ["guessed"]


def test_feet_of_a_crs_in_feet_are_its_own() -> None:
    document = new_drawing()
    document.header["$INSUNITS"] = 2
    extent = Extent((980_000.0, 190_000.0, 990_000.0, 200_000.0), 10.0)
    new_york = pyproj.CRS.from_epsg(2263)
    unit, _ = unit_of(document, extent, "", new_york, Target("EPSG:2263", 5.0), name="a", layer="parcels")
    assert unit.factor == 1.0
    assert unit.metre == pytest.approx(3937 / 1200)


def test_degrees_have_no_unit_of_length() -> None:
    extent = Extent((120.0, 30.0, 120.1, 30.1), 0.0)
    unit, notes = unit_of(new_drawing(), extent, "", pyproj.CRS.from_epsg(4490), Target(CRS, 5.0), name="a", layer="x")
    assert (unit.factor, notes) == (1.0, [])


def test_units_of_length_are_exact() -> None:
    assert METRES["ft"] == 0.3048
    assert METRES["in"] * 12 == pytest.approx(METRES["ft"], rel=1e-15)
    assert METRES["us-ft"] / METRES["ft"] == pytest.approx(1.000002, rel=1e-9)


def test_a_guess_is_called_one(tmp_path: Path) -> None:
    document = new_drawing()
    document.header["$INSUNITS"] = 0
    document.modelspace().add_circle((WEST, SOUTH), 50, dxfattribs={"layer": "用地"})
    assert kind_of(reading(document, tmp_path), "intake.drawing_unit_guessed") == "guessed"
