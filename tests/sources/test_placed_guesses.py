"""Files of a folder placed by each other: exchanged coordinates, coordinate systems that files do not carry."""

from pathlib import Path
from typing import Any

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.intake.guess import Guess, study_crs
from citybraid.sources.intake.placed_guesses import mended, placed

JIAXING = (120.76, 30.70)
METRES = (572_800.0, 3_397_800.0)
"""A place near Jiaxing in the 3-degree zone of 120 degrees."""
PRAGUE = (14.40, 50.10)


def guess(name: str, middle: tuple[float, float], crs: str = "", **more: Any) -> Guess:
    place = middle if crs in ("EPSG:4326", "EPSG:4490") else JIAXING if crs else None
    asks = {} if crs else {"crs": ("EPSG:4549",)}
    return Guess(
        Path(name), "buildings", "intake.guess_signs", 1.0, crs=crs, middle=middle, place=place, asks=asks, **more
    )


def test_latitudes_beyond_a_pole_are_longitudes() -> None:
    (found,) = placed([guess("b.geojson", (30.70, 120.76), "EPSG:4326")])
    assert found.options["axes"] == "yx"
    assert found.place == pytest.approx(JIAXING)
    assert "draft.axes_certain" in found.notes
    assert study_crs([found]) == "EPSG:4549", "not the zone of 30 degrees east"


def test_degrees_that_fit_both_ways_are_placed_by_the_other_files() -> None:
    others = [guess(f"{at}.gpkg", PRAGUE, "EPSG:4326") for at in range(3)]
    turned, *rest = placed([guess("swapped.geojson", (50.10, 14.40), "EPSG:4326"), *others])
    assert turned.options == {"axes": "yx"}
    assert "draft.axes_likely" in turned.notes
    assert all(not each.options for each in rest), "a file in its place is left alone"


def test_of_two_files_none_is_turned_to_the_other() -> None:
    pair = [guess("a.gpkg", PRAGUE, "EPSG:4326"), guess("b.gpkg", (50.10, 14.40), "EPSG:4326")]
    assert all(not each.options for each in placed(pair))


def test_a_file_far_off_both_ways_is_left_for_intake_to_refuse() -> None:
    others = [guess(f"{at}.gpkg", PRAGUE, "EPSG:4326") for at in range(3)]
    found, *_ = placed([guess("elsewhere.geojson", (2.35, 48.85), "EPSG:4326"), *others])
    assert not found.options


def test_a_drawing_takes_the_system_in_which_it_lies_on_the_others() -> None:
    """The elevation is in UTM, the units in the local zone: only in the latter does the drawing lie among them."""
    found = placed([guess("d.dxf", METRES), guess("e.tif", (285_000.0, 3_398_000.0), "EPSG:32651"),
                    guess("u.gpkg", METRES, "EPSG:4549")])  # fmt: skip
    assert found[0].options["crs"] == "EPSG:4549"
    assert "crs" not in found[0].asks
    assert "draft.crs_located" in found[0].notes
    assert study_crs(found) == "EPSG:4549", "of two that one file states each, that which keeps areas better"


def test_nothing_is_placed_where_no_file_tells_a_place() -> None:
    (found,) = placed([guess("d.dxf", METRES)])
    assert not found.options
    assert found.asks == {"crs": ("EPSG:4549",)}


def test_a_refusal_that_is_certain_is_mended_once() -> None:
    table = guess("f.csv", (30.7, 120.76))
    edges = {"west": 30.70, "south": 120.75, "east": 30.71, "north": 120.77, "name": "f.csv"}
    first = mended(table, InputError("intake.crs_missing", candidates=("EPSG:4490",), **edges))
    assert first is not None
    assert first.options == {"crs": "EPSG:4490"}
    second = mended(first, InputError("intake.axes_swapped_degrees", crs="CGCS2000", **edges))
    assert second is not None
    assert second.options == {"crs": "EPSG:4490", "axes": "yx"}
    assert mended(second, InputError("intake.axes_swapped_degrees", crs="CGCS2000", **edges)) is None
    metres = {"west": 5e5, "south": 3e6, "east": 5.1e5, "north": 3.1e6, "name": "f.csv"}
    assert mended(table, InputError("intake.crs_missing", candidates=("EPSG:4549",), **metres)) is None
