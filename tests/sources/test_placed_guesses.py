"""Files of a folder placed by each other: exchanged coordinates, coordinate systems that files do not carry."""

from pathlib import Path
from typing import Any

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.intake.guess import Guess, study_crs
from citybraid.sources.intake.placed_guesses import doubted, lost, mended, placed

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
    assert found[0].notes["draft.crs_datum"] == {"name": "d.dxf", "beijing": 80.0, "xian": 150.0}
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


@pytest.mark.parametrize("crs", ["EPSG:4549", ""])
@pytest.mark.parametrize("east", [572_800.0, 40_572_800.0])
def test_a_northing_before_an_easting_is_a_surveyor_s_x_and_y(crs: str, east: float) -> None:
    """Files of which all are so had been planned in a zone of the Pacific."""
    stated = "EPSG:4528" if crs and east > 1e6 else crs
    (found,) = placed([guess("p.shp", (METRES[1], east), stated)])
    assert found.options["axes"] == "yx"
    assert "draft.axes_metres" in found.notes
    assert found.middle == (east, METRES[1])
    if stated:
        assert found.place == pytest.approx(JIAXING, abs=0.01)
        assert study_crs([found]) == stated


def test_metres_that_fit_as_they_stand_are_not_exchanged() -> None:
    for middle, crs in ((METRES, "EPSG:4549"), ((13_440_000.0, 3_590_000.0), "EPSG:3857"), ((1214.0, 2158.0), "")):
        assert "axes" not in placed([guess("p.shp", middle, crs)])[0].options


def test_files_of_two_zones_each_take_the_zone_of_their_number() -> None:
    """The median of both had been asked about, in which neither lies: 40164589."""
    found = placed([guess("p.shp", (40_520_214.0, 3_350_158.0)), guess("b.shp", (39_808_964.0, 3_354_504.0))])
    assert [each.options["crs"] for each in found] == ["EPSG:4528", "EPSG:4527"]
    assert all("draft.crs_prefixed" in each.notes and "crs" not in each.asks for each in found)
    alone = placed([guess("p.shp", (40_520_214.0, 3_350_158.0)), guess("b.shp", (40_520_300.0, 3_350_200.0))])
    assert all("crs" in each.asks for each in alone), "of one zone a planner is asked, as before"


def test_a_raster_that_states_its_place_is_not_blamed_for_a_drawing_without_one() -> None:
    """The terrain had been left out, and with it the only coordinate system of the folder."""
    drawing, terrain = guess("d.dxf", (1_214_000.0, 2_158_000.0)), guess("e.tif", METRES, "EPSG:4549")
    refused = [InputError("intake.raster_elsewhere", name="e.tif", crs="EPSG:4549")]
    doubtful, kept = doubted([drawing, terrain], refused)
    assert doubtful.notes == {"draft.crs_doubted": {"name": "d.dxf", "others": ["e.tif"]}}
    assert kept == terrain
    assert lost([drawing, terrain]) == [drawing]
    assert doubted([terrain], refused) == [terrain], "where no file lacks a system the raster is of another place"
