"""The chapter of measures: effects that the screening grid cannot see are not shown as effects."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.chapters.c70_measures import _effects, _front_caption, _installed, _unseen_note
from citybraid.report.view import View
from citybraid.study.run.run import Run


def seen_through(run: Run, full: dict[str, float], screening: dict[str, float], **told: list[bool]) -> Any:
    """Return what the chapter reads of a run with effects on some indicators, and both grids' values of them."""
    names = list(full)
    grids = pd.DataFrame({"screening": [screening[name] for name in names], "full": list(full.values())}, index=names)
    effects = pd.DataFrame(
        {
            "measure": "permeable_paving",
            "zone": WHOLE_AREA,
            "indicator": names,
            "base": 100.0,
            "change": np.full(len(names), -3.0),
            **told,
        }
    )
    tables = {"grids": grids, "effects": effects}
    return SimpleNamespace(run=SimpleNamespace(table=tables.get), unit_of=View(run).unit_of)


def test_effects_on_what_the_screening_grid_does_not_see_are_named_not_shown(run: Run) -> None:
    """On the demo's 20 m there are no bridges: paving "saved" 9 000 people of whom 338 were ever cut off."""
    view = seen_through(
        run,
        {"flooded_buildings": 462.0, "isolated_people": 338.0, "waterlogged_arterials": 0.0},
        {"flooded_buildings": 246.0, "isolated_people": 9929.0, "waterlogged_arterials": 0.077},
    )
    (table,) = [block for block in _effects(view) if isinstance(block, Table)]
    assert [in_words(cell, "en") for cell in table.frame["indicator"]] == [
        "Buildings flooded deeper than 0.15 m (largest storm)"
    ]
    (note,) = [block for block in _unseen_note(view) if isinstance(block, Paragraph)]
    assert "out of reach" in in_words(note.text, "en")
    assert "主干路" in in_words(note.text, "zh")


def test_a_screening_grid_that_agrees_leaves_nothing_out(run: Run) -> None:
    view = seen_through(run, {"flooded_buildings": 462.0}, {"flooded_buildings": 400.0})
    assert list(_unseen_note(view)) == []
    assert len(list(_effects(view))) == 1


def test_effects_whose_error_no_run_tells_are_named(run: Run) -> None:
    values = {"flooded_buildings": 462.0, "flooded_area": 12.0}
    view = seen_through(run, values, values, banded=[True, False])
    _, note = _effects(view)
    assert isinstance(note, Paragraph)
    assert in_words(note.text, "en").count("looded") == 1
    assert "Land flooded" in in_words(note.text, "en")
    assert "不给范围" in in_words(note.text, "zh")
    assert len(list(_effects(seen_through(run, values, values, banded=[True, True])))) == 1


def test_the_front_s_certificate_is_told_and_an_older_run_claims_none() -> None:
    table = pd.DataFrame({"damage": [1.0, 2.0], "gap": [0.031, 0.012]})
    said = in_words(_front_caption(table, exact=False), "en")
    assert "to 4% of their ranges" in said
    assert "4%" in in_words(_front_caption(table, exact=False), "zh")
    assert "ertified" not in in_words(_front_caption(table[["damage"]], exact=False), "en")


def test_a_measure_that_is_selected_nowhere_is_named_and_has_no_column_of_zeros() -> None:
    """The demo's table had a column of sixteen zeros for the retrofit of envelopes."""
    placed = pd.DataFrame({"rooftop_pv": [10.0, 0.0], "envelope_retrofit": [0.0, 0.0]}, index=["U1", "U2"])
    view: Any = SimpleNamespace(
        run=SimpleNamespace(table={"installed": placed}.get), base="as_is", column=lambda *_: pd.Series({"U1": "One"})
    )
    choice: Any = SimpleNamespace(prices={})
    table, note = _installed(view, choice)
    assert isinstance(table, Table)
    assert isinstance(note, Paragraph)
    assert list(table.frame.columns) == ["zone", "rooftop_pv"] == [column.key for column in table.columns]
    assert list(table.frame["rooftop_pv"]) == [10.0, 0.0]
    assert in_words(note.text, "en") == "Offered and selected nowhere: Envelope retrofit."
