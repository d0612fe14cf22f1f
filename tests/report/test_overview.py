"""Page one of a study without objectives, as `citybraid new` writes it: numbers and a map before what limits them."""

from types import SimpleNamespace

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Figure, Paragraph, Table, in_words
from citybraid.report.chapters.c10_first_page import chapter
from citybraid.report.remarks import flood_coarse
from citybraid.report.sheets import mapped
from citybraid.report.verdict.overview import FIRST_MAPS, HEADLINES, overview
from citybraid.report.view import View
from citybraid.study.run.run import Run
from tests.report.test_verdict import Altered


def without_objectives(run: Run) -> View:
    values = {"flooded_share": 13.8, "night_heat_island_max": 4.56, "debris": 7.0}
    units = pd.DataFrame(values, index=pd.Index([WHOLE_AREA], name="unit"))
    tables = {"scorecard": None, "units/as_is": units, "units/chosen": units}
    return View(Altered(run, tables))  # type: ignore[arg-type]  # stands in for a run


def test_headlines_and_maps_are_known() -> None:
    assert set(HEADLINES) <= set(indicators())
    assert set(FIRST_MAPS) <= {row.var for row in mapped()}


def test_a_study_without_objectives_opens_with_its_numbers(run: Run) -> None:
    """Xi'an's first page from files alone had six caveats and no number."""
    blocks = list(chapter(without_objectives(run)).blocks)
    first, table, figure = blocks[:3]
    assert isinstance(first, Paragraph)
    assert "项目未设目标" in in_words(first.text, "zh")
    assert isinstance(table, Table)
    assert in_words(table.frame["indicator"].iloc[1], "en").startswith("Largest night heat island")
    assert table.frame["as_is"].tolist() == [13.8, 4.56]  # what no planner asks for first is not there
    assert isinstance(figure, Figure)
    assert figure.name.startswith("overview_max_depth")


def test_a_study_with_objectives_opens_with_its_verdict(run: Run) -> None:
    assert list(overview(View(run))) == []


def test_terrain_of_wide_pixels_is_told_on_page_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run's terrain has pixels of 28 m, its floods are read street by street from 10 m down."""
    told = [in_words(each.text, "en") for each in chapter(View(run)).blocks if isinstance(each, Paragraph)]
    (coarse,) = [each for each in told if "The terrain's pixels are 28 m wide" in each]
    assert "10 m or finer" in coarse
    monkeypatch.setattr(flood_coarse, "street_pixel", lambda _: 30.0)
    assert flood_coarse.coarse_terrain_note(View(run)) is None


def test_depths_that_a_file_brings_say_nothing_of_a_terrain(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jakarta has no terrain; its page told of "hollows of the terrain's errors"."""
    monkeypatch.setattr(type(run), "maker", lambda *_: None)
    told = flood_coarse.coarse_terrain_note(View(run))
    assert told is not None
    assert in_words(told, "en").startswith("The depths of the flood that the files bring come in pixels of 28 m")


def test_floods_into_which_no_rain_seeps_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Xi'an from files alone: 7 000 million of permeable paving took no water away, since no soil was stated."""
    shown = View(run)
    depth = shown.layer(shown.base, "max_depth")
    assert depth is not None
    soil = SimpleNamespace(key="soil")
    layers = {"max_depth": depth, "hydraulic_conductivity": soil}

    def seeping(reads: tuple[str, ...]) -> str:
        monkeypatch.setattr(View, "layer", lambda *asked: layers.get(asked[-1]))
        monkeypatch.setattr(Run, "maker", lambda *_: SimpleNamespace(reads=reads))
        return in_words(flood_coarse.dry_ground_note(shown) or "", "en")

    assert seeping(("rain", "soil")) == ""
    assert "no rain seeps into the ground" in seeping(("rain",))
    del layers["max_depth"]  # without a flood nothing is said of one
    assert seeping(("rain",)) == ""
