"""Cell size of a drafted study: by the extent of the files and what their pixels are worth."""

import re
from pathlib import Path

import pytest

from citybraid.sources.intake.guess import Guess
from citybraid.study.open.draft_grid import resolution_lines

UTM = "EPSG:32649"


def guess(role: str, side: float, *, pixel: float = 0.0) -> Guess:
    """A square file of a role, `side` metres wide near Xi'an."""
    shape = (round(side / pixel), round(side / pixel)) if pixel else None
    bounds = (300_000.0, 3_780_000.0, 300_000.0 + side, 3_780_000.0 + side)
    return Guess(Path(f"{role}.file"), role, "intake.guess_signs", 1.0, crs=UTM, bounds=bounds, shape=shape)


@pytest.mark.parametrize(
    ("files", "size"),
    [
        ([guess("terrain", 10_000.0, pixel=28.3), guess("green", 10_000.0, pixel=1.0)], 20),  # Xi'an: 250 000 cells
        ([guess("terrain", 350.0, pixel=1.0)], 1),  # a quarter of London: 30 cells of 10 m across told nothing
        ([guess("terrain", 3_000.0, pixel=30.0), guess("buildings", 2_000.0)], 5),
        ([guess("terrain", 3_000.0, pixel=30.0)], 10),
        ([guess("terrain", 60_000.0, pixel=30.0), guess("parcels", 2_000.0)], 5),  # not the province's terrain
        ([guess("terrain", 200_000.0, pixel=30.0)], 100),
        ([], 10),
    ],
)  # fmt: skip
def test_cells_are_as_fine_as_data_and_time_allow(files: list[Guess], size: int) -> None:
    lines = resolution_lines(files, UTM)
    assert lines[-2:] == [f"resolution = {size}", f"screening_resolution = {4 * size}"]
    assert (len(lines) > 2) == bool(files)


def test_the_reason_tells_area_and_cells() -> None:
    """By pencil: 10 km x 10 km in cells of 20 m are 500 x 500."""
    lines = resolution_lines([guess("terrain", 10_000.0, pixel=28.3)], UTM)
    told = re.search(r"# .*: 100 km² make (\d+),\d", " ".join(lines))
    assert told is not None
    assert abs(int(told[1]) - 250) <= 1
    assert any("面积 100 km²" in line for line in lines)


def test_mercator_is_not_taken_for_metres() -> None:
    """At 60 north a side of 2 km in web Mercator is 1 km of ground: 1 km2."""
    x, y = 2_000_000.0, 8_399_737.9
    place = Guess(Path("b.gpkg"), "terrain", "intake.guess_signs", 1.0, crs="EPSG:3857",
                  bounds=(x, y - 1_000.0, x + 2_000.0, y + 1_000.0), shape=(1000, 1000))  # fmt: skip
    told = re.search(r": ([\d.]+) km² make", " ".join(resolution_lines([place], "EPSG:3006")))
    assert told is not None
    assert float(told[1]) == pytest.approx(1.0, rel=0.02)


def test_degrees_are_turned_to_metres() -> None:
    """0.02 degrees at 60 north are 2 224 m of latitude and half as much of longitude: 2.47 km2, 98 900 cells of 5 m."""
    place = Guess(
        Path("b.gpkg"), "buildings", "intake.guess_signs", 1.0, crs="EPSG:4326", bounds=(18.0, 59.99, 18.02, 60.01)
    )
    lines = resolution_lines([place], "EPSG:3006")
    assert "2.47 km² make 98,9" in " ".join(lines)
    assert lines[-2] == "resolution = 5"
