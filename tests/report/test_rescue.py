"""The chapter on rescue in a flood: what it tells of each storm, its charts, maps and list of closed streets."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from citybraid.report.chapter import Chapter, Figure, Paragraph, Table, in_words
from citybraid.report.chapters.c10_first_page import chapter as first_page
from citybraid.report.chapters.c56_rescue import chapter
from citybraid.report.drawing.scene import Painted
from citybraid.report.exports.write import write_exports
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made import BOTTOM, CRS, LEFT
from tests.report.made_run import Shelf, made_run

HOURS = pd.Index([0.0, 0.5, 1.0], name="hours")
STREETS = ("s0", "s1", "s2")


def rescue_run(folder: Path, *, people: bool = True) -> Run:
    """A run with streets and rescue over one hour of the flood 'p50'."""
    run = made_run(folder)
    manifest = run.manifest.model_dump(mode="json")
    shelf = Shelf(run.store, run.grid)
    lines = [LineString([(LEFT, BOTTOM + 20 * k), (LEFT + 100, BOTTOM + 20 * k)]) for k in range(len(STREETS))]
    shelf.put("streets", gpd.GeoSeries(lines, index=list(STREETS), crs=CRS))
    shelf.put("road_class", pd.Series(["primary", "residential", None], list(STREETS), dtype=object))
    series = {"closed_street_course": [0.0, 1500.0, 400.0], "waterlogged_street_course": [0.0, 2500.0, 2000.0]}
    if people:
        series |= {"isolated_course": [0.0, 120.0, 30.0], "late_course": [0.0, 40.0, 80.0]}
        for var, values in {
            "isolated_hours": [0.75, 0.0], "isolated_person_hours": [67.5, 0.0], "isolated_people": [150.0, 0.0],
        }.items():  # fmt: skip
            shelf.put(var, pd.Series(values, ["b0", "b1"]), event="p50")
    series["fire_coverage_course"] = [1.0, 0.5, 0.8]
    series["hospital_coverage_course"] = [np.nan] * len(HOURS)
    for var, values in series.items():
        shelf.put(var, pd.Series(values, HOURS), event="p50")
    columns = {
        "closed_from": [0.25, 0.4, np.nan], "closed_until": [0.9, np.nan, np.nan], "closed_hours": [0.65, 0.6, 0.0],
        "peak_street_depth": [0.5, 0.4, 0.1], "closed_length": [60.0, 40.0, 0.0],
    }  # fmt: skip
    for var, values in columns.items():
        shelf.put(var, pd.Series(values, list(STREETS)), event="p50")
    for var, counts in {"inferred_bridges": [1, 0, 2], "embanked_channels": [0, 1, 0]}.items():
        shelf.put(var, pd.Series(counts, list(STREETS), dtype=np.float64))
    shelf.put("inferred_bridge_length", pd.Series([30.0, 0.0, 55.0], list(STREETS)))
    shelf.put("worst_fire_moment", 0.5, event="p50")
    shelf.put("worst_hospital_moment", float("nan"), event="p50")
    minutes = np.linspace(0.0, 12.0, int(np.prod(run.grid.shape))).reshape(run.grid.shape)
    shelf.put("fire_time", minutes)
    shelf.put("worst_fire_time", np.where(minutes > 6.0, np.nan, minutes), event="p50")
    shelf.put("after_fire_time", 1.5 * minutes, event="p50")
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    write(folder, folder / "rescue", Manifest.model_validate(manifest), {})
    return Run.open(folder / "rescue")


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return View(rescue_run(tmp_path_factory.mktemp("rescue")))


@pytest.fixture(scope="module")
def told(view: View) -> Chapter:
    return chapter(view)


def table(told: Chapter, name: str) -> Table:
    return next(block for block in told.blocks if isinstance(block, Table) and block.name == name)


def test_each_storm_has_a_row(told: Chapter) -> None:
    row = table(told, "rescue_events").frame.iloc[0]
    assert row["closed"] == 1.5
    assert row["isolated"] == 120.0
    assert row["late"] == 80.0
    assert row["person_hours"] == 67.5
    assert row["at_end"] == 30.0
    assert row["fire"] == 50.0
    assert "hospital" not in row


@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_and_maps_draw(told: Chapter, language: str) -> None:
    figures = {block.name: block for block in told.blocks if isinstance(block, Figure)}
    assert {"rescue_people", "rescue_streets", "rescue_reach", "worst_fire_time_p50_moments"} <= figures.keys()
    assert "worst_hospital_time_p50_moments" not in figures, "no hospital, no map"
    for name in ("rescue_people", "rescue_reach"):
        assert figures[name].draw(language).axes
    assert figures["worst_fire_time_p50_moments"].draw(language).findobj(Painted)
    panels = [axes for axes in figures["rescue_people"].draw(language).axes if axes.get_lines()]
    first = panels[0].get_lines()
    assert len(first) == 1, "two alternatives with the very same values are one line"
    np.testing.assert_array_equal(np.asarray(first[0].get_ydata(), float), [0.0, 120.0, 30.0])
    reach = [axes for axes in figures["rescue_reach"].draw(language).axes if axes.get_lines()]
    assert len(reach) == 1, "nothing is known of ambulances"


def test_closed_streets_are_listed_the_longest_first(told: Chapter) -> None:
    frame = table(told, "closures_as_is").frame
    assert frame["street"].tolist() == ["s0", "s1"]
    assert [in_words(each, "en") for each in frame["class"]] == ["arterial", "lane"]
    assert np.isnan(frame["closed_until"].iloc[1]), "closed at the end"


class Named(View):
    """A view of a run whose first street has a name."""

    def column(self, alternative: str, var: str) -> pd.Series | None:
        return (
            pd.Series({"s0": "环城南路西段", "s1": None}) if var == "street_name" else super().column(alternative, var)
        )


def test_streets_of_tables_are_told_by_name(view: View) -> None:
    """w457984513 stood at the head of the closed streets of Xi'an: it is the western section of 环城南路."""
    frame = table(chapter(Named(view.run)), "closures_as_is").frame
    assert frame["street"].tolist() == ["环城南路西段 (s0)", "s1"]


def test_what_has_not_ended_is_a_lower_bound(told: Chapter, view: View) -> None:
    said = [block.text for block in told.blocks if isinstance(block, Paragraph) and block.kind == "warning"]
    for language, words in (("en", ("1 street", "30", "lower bounds")), ("zh", ("1 条道路", "30", "下限"))):
        assert all(word in in_words(said[0], language) for word in words)
    assert table(told, "rescue_events").frame["still_closed"].tolist()[:1] == [1.0]
    first = [block.text for block in first_page(view).blocks if isinstance(block, Paragraph)]
    assert any("lower bounds" in in_words(text, "en") for text in first), "on page one as well"
    figures = {block.name: block for block in told.blocks if isinstance(block, Figure)}
    assert "not ended" in in_words(figures["rescue_streets"].caption, "en"), "the warning says it in full, once"
    assert "not ended" not in in_words(figures["rescue_reach"].caption, "en")

    def arrows(name: str) -> int:
        return sum(len(axes.collections) for axes in figures[name].draw("en").axes)

    assert arrows("rescue_streets") == 2, "400 m are closed and 2000 m waterlogged at the end"
    assert arrows("rescue_reach") == 0


def test_inferred_bridges_and_embanked_channels_are_told(told: Chapter) -> None:
    said = [in_words(block.text, "en") for block in told.blocks if isinstance(block, Paragraph)]
    assert any(text.startswith("3 bridges, 85 m in all, are inferred") for text in said)
    assert any(text.startswith("At 1 place a channel") for text in said)
    frame = table(told, "street_crossings").frame
    assert frame["street"].tolist() == ["s0", "s1", "s2"]
    assert frame["inferred_bridges"].tolist() == [1.0, 0.0, 2.0]


def test_without_residents_streets_are_told_alone(tmp_path: Path) -> None:
    told = chapter(View(rescue_run(tmp_path, people=False)))
    assert "isolated" not in table(told, "rescue_events").frame
    assert "Out of reach" not in in_words(table(told, "rescue_events").note, "en"), "no column speaks of it"
    names = {block.name for block in told.blocks if isinstance(block, Figure)}
    assert "rescue_streets" in names
    assert "rescue_people" not in names


def test_the_streets_layer_has_hours_of_closure(view: View, tmp_path: Path) -> None:
    write_exports(view, tmp_path, lambda _: None)
    layer = gpd.read_file(tmp_path / "gis" / "plan.gpkg", layer="streets_as_is").set_index("id")
    assert layer["closed_hours_p50"].tolist() == [0.65, 0.6, 0.0]
    assert layer["closed_from_p50"].iloc[0] == 0.25
    assert np.isnan(layer["closed_until_p50"].iloc[1])
    style = gpd.read_file(tmp_path / "gis" / "plan.gpkg", layer="layer_styles").set_index("f_table_name")
    assert 'attr="closed_hours_p50"' in style["styleQML"]["streets_as_is"]
    assert 'type="line"' in style["styleQML"]["streets_as_is"]
