"""The chapter of four phases: what it tells of lifelines, its pictures, and nothing where nothing is known."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from citybraid.core.rows.report import DisasterPhase
from citybraid.core.tables import read_table
from citybraid.core.text import known
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Chapter, Figure, Paragraph, Table, in_words
from citybraid.report.chapters.c57_disaster import chapter
from citybraid.report.disaster.phase import PHASES, bars, tellers
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.discovered import models
from tests.report.made import BOTTOM, CRS, LEFT
from tests.report.made_run import Shelf, made_run

HOURS = pd.Index(np.arange(0.0, 97.0), name="hours")
IDS = ["E1", "T1", "H1"]
NAN = float("nan")


def lifeline_run(folder: Path) -> Run:
    """A run in which a substation fails, and a mast and a hospital with it, in the flood 'p50'."""
    run = made_run(folder)
    manifest = run.manifest.model_dump(mode="json")
    shelf = Shelf(run.store, run.grid)
    points = [Point(LEFT + 10 * at, BOTTOM) for at in range(len(IDS))]
    shelf.put("lifelines", gpd.GeoSeries(points, index=IDS, crs=CRS))
    shelf.put("lifeline_system", pd.Series(["power", "telecom", "health"], IDS, dtype=object))
    shelf.put("hospital_beds", pd.Series([NAN, NAN, 100.0], IDS))
    columns = {
        "lifeline_hit_chance": [1.0, 0.0, 0.0], "lifeline_fail_chance": [1.0, 0.9, 0.5],
        "lifeline_fail_time": [1.0, 4.0, 25.0], "needs_cycle": [1.0, 1.0, 0.0], "repair_end": [80.0, NAN, NAN],
        "lifeline_free_time": [6.0, NAN, NAN],
    }  # fmt: skip
    for var, values in columns.items():
        shelf.put(var, pd.Series(values, IDS), event="p50")
    shelf.put("people_unserved", pd.Series([100.0, 20.0], ["b0", "b1"]), event="p50")
    course = pd.Series(np.where((HOURS >= 1.0) & (HOURS < 80.0), 0.4, 1.0), HOURS)
    for end, shift in (("", 0.0), ("_low", -0.2), ("_high", 0.2)):
        shelf.put(f"recovery_course{end}", (course + np.where(course < 1.0, shift, 0.0)), event="p50")
    numbers = {
        "spread_failures": 0.58, "beds_lost": 50.0, "hospital_load": 1.3, "recovery_loss": 47.4,
        "recovery_loss_low": 31.6, "recovery_loss_high": 63.2, "half_recovery": 80.0, "main_recovery": 80.0,
        "near_recovery": 80.0, "schedule_gap": 0.012,
    }  # fmt: skip
    for var, number in numbers.items():
        shelf.put(var, number, event="p50")
    systems = ["health", "power", "telecom"]
    for var in ("system_unserved", "system_lost_hours", "system_recovery"):
        shelf.put(var, pd.Series([10.0, 79.0, 76.0], systems), event="p50")
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    write(folder, folder / "lifelines", Manifest.model_validate(manifest), {})
    return Run.open(folder / "lifelines")


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return View(lifeline_run(tmp_path_factory.mktemp("disaster")))


@pytest.fixture(scope="module")
def told(view: View) -> Chapter:
    return chapter(view)


def test_a_run_without_results_of_its_own_has_no_chapter(tmp_path: Path) -> None:
    assert not chapter(View(made_run(tmp_path))).blocks


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_say_what_fails_and_when_it_is_back(told: Chapter, language: str) -> None:
    said = " ".join(in_words(block.text, language) for block in told.blocks if isinstance(block, Paragraph))
    for number in ("2.4", "58", "120", "50", "1.3", "47.4", "31.6", "63.2", "80"):
        assert number in said
    assert "E1" in said, "the cycle is named"
    assert "T1" in said


def test_phases_stand_in_order(told: Chapter) -> None:
    heads = [in_words(block.text, "en") for block in told.blocks if isinstance(block, Paragraph)
             and block.kind == "heading"]  # fmt: skip
    assert heads == [each for each in ("Prevention", "Preparedness", "Response", "Recovery") if each in heads]
    assert {"Response", "Recovery"} <= set(heads)


def test_components_stand_by_their_chance(told: Chapter) -> None:
    table = next(block for block in told.blocks if isinstance(block, Table) and block.name == "lifelines_as_is")
    assert table.frame["component"].tolist() == IDS
    assert table.frame["lifeline_fail_chance"].tolist() == [100.0, 90.0, 50.0]
    assert table.appendix


def test_the_timeline_holds_moments_and_bars(view: View) -> None:
    spans = bars(view, view.base)
    recovery = {in_words(span.what, "en"): (span.start, span.end) for span in spans["recovery"]}
    assert recovery["Repair crews at work (until the last mean repair)"] == (6.0, 80.0)
    assert recovery["95% of lifeline services back"] == (80.0, 80.0)
    assert [(span.start, span.end) for span in spans["response"]] == [(1.0, 1.0)]


def test_the_timeline_is_of_the_alternative_that_is_asked_for(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()
    monkeypatch.setattr(View, "column", lambda _, name, __: seen.add(name))
    monkeypatch.setattr(View, "number", lambda _, name, __: seen.add(name))
    assert not any(bars(view, "levee").values())
    assert seen == {"levee"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pictures_draw(told: Chapter, language: str) -> None:
    figures = {block.name: block for block in told.blocks if isinstance(block, Figure)}
    assert {"disaster_timeline", "recovery_curve"} <= figures.keys()
    (axes,) = figures["recovery_curve"].draw(language).axes
    assert float(np.asarray(axes.get_lines()[0].get_ydata(), float).min()) == pytest.approx(40.0)
    assert figures["disaster_timeline"].draw(language).axes[0].get_xscale() == "symlog"


def test_rows_of_phases_name_what_there_is() -> None:
    measures = {model.name for model in models() if model.stage}
    for row in read_table(DisasterPhase):
        assert row.name in (indicators() if row.kind == "indicator" else measures), row.name


def test_tellers_are_found_in_order_and_their_phases_have_texts() -> None:
    phases = [teller.phase for teller in tellers()]
    assert phases == sorted(phases, key=PHASES.index)
    assert {"response", "recovery"} <= set(phases)
    assert all(known(f"disaster.{phase}") and known(f"disaster.{phase}_table") for phase in PHASES)
