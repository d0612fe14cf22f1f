"""Preparedness in the chapter on disasters: sentences, warnings, tables, curve and timeline of a made run."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from citybraid.report.chapter import Block, Figure, Paragraph, Table, in_words
from citybraid.report.disaster import refuge, way_out
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made import BOTTOM, CRS, LEFT
from tests.report.made_run import Shelf, made_run

HOURS = pd.Index(np.arange(4) * 0.25, name="hours")


def prepared_run(
    folder: Path,
    *,
    places: tuple[float, ...] = (120.0, 0.0, 40.0),
    exits: float = 3.0,
    lead: float = 0.5,
    second: tuple[float, float] = (100.0, 1.0),
) -> Run:
    """A run with shelters, evacuation, warning and redundancy in the flood 'p50'.

    `second`: residents of the second building and its ways out.
    """
    run = made_run(folder)
    manifest = run.manifest.model_dump(mode="json")
    shelf = Shelf(run.store, run.grid)
    parcels = list(View(run).shapes("as_is", "parcels").index)  # type: ignore[union-attr]  # the made run has parcels
    lines = [LineString([(LEFT, BOTTOM + 20 * k), (LEFT + 100, BOTTOM + 20 * k)]) for k in range(2)]
    shelf.put("streets", gpd.GeoSeries(lines, index=["s0", "s1"], crs=CRS))
    shelf.put("road_class", pd.Series(["primary", None], ["s0", "s1"], dtype=object))
    shelf.put("residents", pd.Series([300.0, second[0]], ["b0", "b1"]))
    columns: dict[str, Any] = {
        "shelter_places": pd.Series(places, parcels[: len(places)]).reindex(parcels),
        "sheltered_here": pd.Series([50.0, 0.0, 10.0], parcels[:3]).reindex(parcels),
        "shelter_refusal": pd.Series(["", "flooded", ""], parcels[:3]).reindex(parcels, fill_value=""),
        "shelter_need": pd.Series([45.0, 15.0], ["b0", "b1"]),
        "people_unsheltered": pd.Series([0.0, 7.0], ["b0", "b1"]),
        "people_near_shelter": pd.Series([300.0, 0.0], ["b0", "b1"]),
        "shelter_distance": pd.Series([200.0, np.nan], ["b0", "b1"]),
        "shelter_area_per_head": 0.8, "shelters_flooded": 1.0,
        "clearance_course": pd.Series([0.0, 200.0, 380.0, 390.0], HOURS),
        "walking_clearance_course": pd.Series([0.0, 0.0, 150.0, 150.0], HOURS),
        "half_clearance_time": 0.25, "most_clearance_time": 0.5, "clearance_time": 0.5, "evacuation_exits": exits,
        "buses_needed": 4.0, "people_left_behind": pd.Series([10.0, 0.0], ["b0", "b1"]),
        "evacuation_full_hours": pd.Series([0.25, 0.0], ["s0", "s1"]),
        "evacuation_vehicles": pd.Series([90.0, 5.0], ["s0", "s1"]),
        "time_to_leave": lead, "people_reached_in_time": pd.Series([270.0, 0.0], ["b0", "b1"]),
    }  # fmt: skip
    for var, value in columns.items():
        shelf.put(var, value, event="p50")
    for var, values in {
        "routes_out": [2.0, second[1]], "people_one_way_out": [0.0, second[0]],
        "people_without_second_station": [300.0, 100.0], "people_without_second_hospital": [0.0, 100.0],
    }.items():  # fmt: skip
        shelf.put(var, pd.Series(values, ["b0", "b1"]))
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    write(folder, folder / "prepared", Manifest.model_validate(manifest), {})
    return Run.open(folder / "prepared")


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return View(prepared_run(tmp_path_factory.mktemp("prepared")))


def said(blocks: list[Block], language: str, kind: str = "text") -> str:
    return "\n".join(
        in_words(each.text, language) for each in blocks if isinstance(each, Paragraph) and each.kind == kind
    )


def table(blocks: list[Block], name: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.name == name)


@pytest.mark.parametrize(("language", "parts"), [
    ("en", ("2 sites have room", "160", "0.80", "60", "7", "75%", "100", "400")),
    ("zh", ("2 处场所", "160", "0.80", "60", "7", "75%", "最少 1 条", "100", "400")),
])  # fmt: skip
def test_shelters_are_told(view: View, language: str, parts: tuple[str, ...]) -> None:
    blocks = list(refuge.blocks(view))
    text = said(blocks, language)
    assert [part for part in parts if part not in text] == []
    assert "1" in said(blocks, language, "warning")


def test_more_people_in_water_than_places_are_planned_for_are_told(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """Xiong'an: 15 086 live where water stands, places were planned for 5 100, and no sentence set one by the other."""
    assert "(15% of residents, whatever the event floods): 60 people" in said(list(refuge.blocks(view)), "en")
    for exposed, warned in ((60.0, False), (61.0, True)):
        monkeypatch.setattr(refuge, "whole", lambda *_, exposed=exposed: exposed)
        told = said(list(refuge.blocks(view)), "en", "warning")
        assert ("living where water stands: 61 people; places are planned for 60 people" in told) is warned


def test_a_shed_without_a_street_is_no_home_without_a_way_out(tmp_path: Path) -> None:
    """A pig house off the lanes made every home of a village have "at least 0 ways out"."""
    shown = View(prepared_run(tmp_path, second=(0.0, 0.0)))
    assert "every home has at least 2 ways out" in said(list(refuge.blocks(shown)), "en")


def test_sites_in_water_come_first_with_their_reason(view: View) -> None:
    frame = table(list(refuge.blocks(view)), "shelter_sites").frame
    assert [in_words(each, "en") for each in frame["refusal"]] == ["flooded", "–", "–"]
    assert frame["people"].tolist() == [0.0, 50.0, 10.0]


def test_clearance_bottlenecks_and_warning_are_told(view: View) -> None:
    blocks = list(way_out.blocks(view))
    text = said(blocks, "en")
    assert all(part in text for part in ("3 streets", "15", "30", "270", "400", "0.5", "4"))
    assert "10" in said(blocks, "en", "warning")
    frame = table(blocks, "evacuation_bottlenecks").frame
    assert frame[["full", "cars"]].to_numpy().tolist() == [[15.0, 90.0]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_curve_draws(view: View, language: str) -> None:
    curve = next(block for block in way_out.blocks(view) if isinstance(block, Figure))
    panels = [axes for axes in curve.draw(language).axes if axes.get_lines()]
    assert len(panels) == 2
    np.testing.assert_array_equal(np.asarray(panels[0].get_lines()[0].get_ydata(), float), [0.0, 200.0, 380.0, 390.0])


def test_the_timeline_has_the_time_to_leave_before_the_event(view: View) -> None:
    bars = [(bar.start, bar.end) for bar in way_out.spans(view, view.base)]
    assert bars == [(-0.5, 0.0), (-0.5, 0.0)]
    assert list(refuge.spans(view, view.base)) == []


def test_no_site_no_exit_and_too_late_are_warnings(tmp_path: Path) -> None:
    poor = View(prepared_run(tmp_path, places=(0.0, 0.0, 0.0), exits=0.0, lead=-1.0))
    for language, parts in (
        ("en", ("no land or facility", "no street leads out")),
        ("zh", ("没有符合条件", "没有通往片区外")),
    ):
        told = said([*refuge.blocks(poor), *way_out.blocks(poor)], language, "warning")
        assert all(part in told for part in parts)
    late = said(list(way_out.blocks(poor)), "en", "warning")
    assert "exceed its lead time by 1.0" in late


def test_a_run_without_them_says_nothing(tmp_path: Path) -> None:
    plain = View(made_run(tmp_path))
    assert not list(refuge.blocks(plain)) + list(way_out.blocks(plain))
    assert list(way_out.spans(plain, plain.base)) == []
