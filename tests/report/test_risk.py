"""The chapter of flood risk: sums by event, curves with and without a band, sources of spread, facilities."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from citybraid.report.chapter import Chapter, Figure, Paragraph, Table, in_words
from citybraid.report.chapters.c55_risk import chapter
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made_run import Shelf, made_run

EVENTS = {"p5": 1.0, "p50": 3.0, "user": 2.0}
COUNT = 4

MONEY = {"en": 100.0, "zh": 1.0}
"""Ten thousands of CNY in the unit of money that charts of a language are drawn in."""


def risk_run(
    folder: Path, *, told: Mapping[str, Any] | None = None, lacking: bool = False,
    more: Mapping[str, pd.DataFrame] | None = None,
) -> Run:  # fmt: skip
    """A run with depths, damage and people at four buildings, and one facility in two floods."""
    run = made_run(folder)
    manifest = run.manifest.model_dump(mode="json")
    shelf = Shelf(run.store, run.grid)
    rows = [f"b{number}" for number in range(COUNT)]
    for event, scale in EVENTS.items():
        depth = pd.Series(np.array([0.0, 0.1, 0.2, np.nan]) * scale, rows)
        shelf.put("building_depth", depth, event=event)
        shelf.put("building_damage", depth * 1e6, event=event)
        shelf.put("structure_damage", depth * 6e5, event=event)
        shelf.put("people_exposed", (depth > 0.15) * 30.0, event=event)
        shelf.put("limited_mobility_exposed", depth * np.nan, event=event)
        shelf.put("facility_depth", pd.Series([0.1 * scale, np.nan], ["h", "s"]), event=event)
        shelf.put("facility_flooded", pd.Series([float(0.1 * scale >= 0.15), np.nan], ["h", "s"]), event=event)
    shelf.put("expected_annual_damage", pd.Series([0.0, 4e4, 1e5, np.nan], rows))
    shelf.put("expected_annual_exposed", pd.Series([0.0, 0.5, 2.0, np.nan], rows))
    shelf.put("facility_kind", pd.Series(["hospital", "shelter"], ["h", "s"], dtype=object))
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    if told is not None:
        manifest["uncertainty"] = told
    write(
        folder,
        folder / "risk",
        Manifest.model_validate(manifest),
        {**frames(), **(more or {})} if told and not lacking else {},
    )
    return Run.open(folder / "risk")


TOLD = {
    "runs": 8,
    "draws": 64,
    "seed": 1,
    "cell": 20.0,
    "not_varied": ["flood_damage_value: <b>"],
    "lacking": [],
    "alternatives": ["as_is"],
}


def frames() -> dict[str, pd.DataFrame]:
    band = pd.DataFrame(
        {
            "event": ["p5", "p50", ""], "return_period": [5.0, 50.0, np.nan], "low": [2e5, 5e5, 1e5],
            "median": [3e5, 9e5, 1.5e5], "high": [5e5, 1.6e6, 3e5], "mean": [3e5, 9e5, 1.6e5], "draws": 128,
            "emulator_error": [0.02, 0.034, np.nan], "screening": [2.9e5, 8.5e5, 1.4e5], "full": [3e5, 9e5, 1.5e5],
            "people_screening": [25.0, 70.0, np.nan], "people_low": [20.0, 50.0, np.nan],
            "people_high": [40.0, 90.0, np.nan],
        }
    )  # fmt: skip
    sources = pd.DataFrame(
        {
            "source": ["rain", "roughness", "curve/residential", "price/price_level", "emulator"],
            "first": [0.5, -0.01, 0.3, 0.1, 0.0], "total": [0.55, 0.02, 0.33, 0.12, 0.01],
        }
    )  # fmt: skip
    return {"uncertainty/as_is": band, "sobol/as_is": sources}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return chapter(View(risk_run(tmp_path_factory.mktemp("bare"))))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return chapter(View(risk_run(tmp_path_factory.mktemp("风险"), told=TOLD)))


def tables(found: Chapter) -> dict[str, Table]:
    return {block.name: block for block in found.blocks if isinstance(block, Table)}


def figures(found: Chapter) -> dict[str, Figure]:
    return {block.name: block for block in found.blocks if isinstance(block, Figure)}


def test_sums_of_each_event(bare: Chapter) -> None:
    frame = tables(bare)["risk_events"].frame
    assert len(frame) == 2 * len(EVENTS)
    worst = frame[[in_words(event, "en") == "50-year storm" for event in frame["event"]]].iloc[0]
    assert worst["building_damage"] == pytest.approx(9e5)
    assert worst["structure_damage"] == pytest.approx(5.4e5)
    assert (worst["buildings"], worst["people_exposed"], worst["facility_flooded"]) == (2.0, 60.0, 1.0)
    assert "limited_mobility_exposed" not in frame
    assert "children_exposed" not in frame


def test_the_average_year_of_each_alternative(bare: Chapter) -> None:
    frame = tables(bare)["risk_year"].frame
    assert frame["expected_annual_damage"].tolist() == pytest.approx([1.4e5, 1.4e5])
    assert frame["expected_annual_exposed"].tolist() == pytest.approx([2.5, 2.5])


def test_changes_are_told_beside_the_bands_of_alternatives(tmp_path: Path, whole: Chapter) -> None:
    assert "risk_changes" not in tables(whole)
    base = frames()["uncertainty/as_is"]
    change = pd.DataFrame(
        [("chosen", -5e4, -9e4, -5e4, -1e4, -0.4, -0.2, 0.98)],
        columns=["alternative", "mean", "low", "median", "high", "share_low", "share_high", "lowered"],
    )
    better = base.assign(low=base["low"] * 0.7, median=base["median"] * 0.7, high=base["high"] * 0.7)
    told = {**TOLD, "alternatives": ["as_is", "chosen"]}
    more = {"uncertainty/chosen": better, "sobol/chosen": frames()["sobol/as_is"], "uncertainty_change": change}
    found = chapter(View(risk_run(tmp_path, told=told, more=more)))
    row = tables(found)["risk_changes"].frame.iloc[0]
    assert (row["share_low"], row["share_high"], row["lowered"]) == pytest.approx((-40.0, -20.0, 98.0))
    for language, unit in MONEY.items():
        axes = figures(found)["risk_year_bands"].draw(language).axes[0]
        widths = [bar.get_width() * unit for bar in axes.patches if isinstance(bar, Rectangle)]
        assert widths == pytest.approx([20.0, 14.0])


def test_damage_by_depth_at_the_wall(bare: Chapter) -> None:
    """Depths 0.1 and 0.2 m times the event's scale, each with 1e6 of damage per metre."""
    for language, unit in MONEY.items():
        axes = figures(bare)["risk_depth_classes"].draw(language).axes[0]
        names = [tick.get_text() for tick in axes.get_yticklabels()]
        widths = [[bar.get_width() * unit for bar in container] for container in axes.containers]
        by_event = {name: [round(part[at], 6) for part in widths] for at, name in enumerate(names)}
        five = next(parts for name, parts in by_event.items() if name[:1] == "5" and name[:2] != "50")
        fifty = next(parts for name, parts in by_event.items() if name[:2] == "50")
        assert five == [10.0, 20.0, 0.0, 0.0, 0.0]
        assert fifty == [0.0, 0.0, 30.0, 60.0, 0.0]


def test_facilities_without_a_depth_are_left_out(bare: Chapter) -> None:
    frame = tables(bare)["risk_facilities"].frame
    assert set(frame["facility"]) == {"h"}
    assert [in_words(said, "en") for said in frame["flooded"]] == ["yes", "yes"]
    assert {in_words(said, "zh") for said in frame["kind"]} == {"医院"}


def test_curves_hold_events_with_a_return_period_only(bare: Chapter, whole: Chapter) -> None:
    for found, bands in ((bare, 0), (whole, 1)):
        assert {"risk_building_damage", "risk_people_exposed"} <= set(figures(found))
        axes = figures(found)["risk_building_damage"].draw("zh").axes[0]
        assert len(axes.collections) == bands
        people = figures(found)["risk_people_exposed"].draw("zh").axes[0]
        assert len(people.collections) == bands
        line = next(each for each in axes.lines if each.get_marker() == "o")
        assert np.asarray(line.get_xdata()).tolist() == [5.0, 50.0]
        np.testing.assert_allclose(np.asarray(line.get_ydata(), np.float64), [30.0, 90.0])
        drawn = figures(found)["risk_building_damage"].draw("en").axes[0]
        line = next(each for each in drawn.lines if each.get_marker() == "o")
        np.testing.assert_allclose(np.asarray(line.get_ydata(), np.float64), [0.3, 0.9])
        assert "CNY million" in drawn.get_ylabel()


def test_how_sure_is_said_in_both_languages(bare: Chapter, whole: Chapter) -> None:
    assert "risk_sources" not in figures(bare)
    said_of_band = figures(whole)["risk_building_damage"].draw("en").axes[0].collections[0].get_label()
    assert said_of_band == "As is: nine in ten draws (screening grid)"
    said = {
        language: " ".join(in_words(each.text, language) for each in whole.blocks if isinstance(each, Paragraph))
        for language in ("en", "zh")
    }
    for text in said.values():
        for number in ("128", "3.4", "20 "):
            assert number in text
    assert "exposed value per area (1 row)" in said["en"]
    assert "单位面积资产价值（1 行）" in said["zh"]
    assert "8 flood runs" in said["en"]
    assert figures(whole)["risk_sources"].draw("zh").axes[0].get_yticklabels()[-1].get_text() == "设计雨量"


def test_depths_from_files_are_said_not_to_vary(tmp_path: Path) -> None:
    found = chapter(View(risk_run(tmp_path, told={**TOLD, "given": True})))
    said = " ".join(in_words(each.text, "zh") for each in found.blocks if isinstance(each, Paragraph))
    assert "水深来自文件" in said


def test_what_could_not_be_computed_is_said(tmp_path: Path) -> None:
    found = chapter(View(risk_run(tmp_path, told={"runs": 0, "lacking": ["residents"]}, lacking=True)))
    said = [in_words(each.text, "en") for each in found.blocks if isinstance(each, Paragraph)]
    assert [each for each in said if "could not be computed: Residents of the building missing" in each] == said[-1:]


def test_a_run_without_floods_has_no_chapter(run: Run) -> None:
    assert not chapter(View(run)).blocks
