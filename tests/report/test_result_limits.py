"""Limits of results stand where their numbers do, and go where the study brings factors of its own."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.plan import ResultLimit
from citybraid.core.tables import read_table
from citybraid.core.text import known, say
from citybraid.lowcarbon.building_energy import BuildingEnergy
from citybraid.planning.rows import indicators
from citybraid.report.chapter import in_words
from citybraid.report.indicators import by_alternative, by_unit
from citybraid.report.remarks.result_limits import limit_notes
from citybraid.report.view import LANGUAGES, View
from citybraid.study.run.run import Run

COUNTED = {"factor": "mode_share", "key": "metro", "value": 0.12}


def travelled(run: Run, *, origin: str) -> View:
    """A view of a run in which travel is computed by mode shares of citybraid or of the study."""
    manifest = run.manifest
    record = manifest.alternatives["as_is"]
    step = manifest.steps["s1"].model_copy(update={"factors": {"mode_share": ("f1",)}})
    row = manifest.factors["f1"].model_copy(update=COUNTED | {"origin": origin})
    changed = manifest.model_copy(update={"steps": {"s1": step}, "factors": {"f1": row}})
    assert record.steps
    return View(replace(run, manifest=changed))


def test_rows_name_results_and_texts() -> None:
    rows = read_table(ResultLimit)
    assert {row.indicator for row in rows} <= set(indicators())
    assert [row.limit for row in rows if not known(f"limit.{row.limit}")] == []


@pytest.mark.parametrize(("origin", "told"), [("citybraid", True), ("factors.csv", False)])
def test_mode_shares_of_another_city_are_told_until_the_study_brings_its_own(
    town_run: Run, monkeypatch: pytest.MonkeyPatch, origin: str, *, told: bool
) -> None:
    monkeypatch.setattr("citybraid.report.remarks.result_limits.quantities_of", lambda _: frozenset({"max_depth"}))
    found = [in_words(note, "en") for note in limit_notes(travelled(town_run, origin=origin), ["transport_emissions"])]
    assert any("Shanghai" in text for text in found) == told


def test_a_number_and_its_limit_stand_in_one_table(town_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"air_temperature": [30.3]}, index=pd.Index([WHOLE_AREA], name="zone"))
    monkeypatch.setattr("citybraid.report.indicators.unit_tables", lambda _: {"as_is": table})
    view: Any = View(town_run)
    whole = by_alternative(view, ["resilience"], name="made", title="made")
    units = by_unit(view, "as_is")
    assert whole is not None
    assert units is not None
    for made, language, text in (
        (whole, "en", "3 to 5 h after sunset"), (whole, "zh", "日落后 3～5 小时"),
        (units, "zh", "不是气象文件的日均气温"),
    ):  # fmt: skip
        assert text in in_words(made.note, language)
    assert np.isclose(whole.frame["as_is"], 30.3).any()


def test_the_note_of_electricity_leaves_out_no_end_use_that_is_in_it() -> None:
    """It said without cooking and hot water, which the sum of nine end uses has had since they were added."""
    fields = BuildingEnergy._fields
    for use, zh, en in (("cooking", "炊事", "cooking"), ("hot_water", "热水", "hot water"), ("lift", "电梯", "lift")):
        assert f"{use}_electricity" in fields
        assert zh not in say("map.limit.electricity", "zh")
        assert en not in say("map.limit.electricity", "en")


@pytest.mark.parametrize("limit", ["evening", "radiation_only", "canopy_air", "ventilation"])
def test_each_note_below_the_table_says_what_it_speaks_of(limit: str) -> None:
    """Notes stand one after another: in Chinese one began with 为 6—8 月…的均值, the mean of nothing."""
    for language in LANGUAGES:
        said = say(f"limit.{limit}", language)
        assert not said.startswith(("为", "取", "仅", "Mean", "The summer day", "Air between", "Buildings alone"))
