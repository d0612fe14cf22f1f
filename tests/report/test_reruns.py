"""What the report says of the chosen portfolio's re-run: bands, indicators outside them, rounds and refits."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.verdict.reruns import first_page_sentence, reruns
from citybraid.report.view import View
from citybraid.study.run.run import Run

NAMES = ["flooded_area", "flooded_buildings", "canopy_cover"]


def rerun(computed: list[float]) -> pd.DataFrame:
    """Return a comparison of two predicted indicators and one computed at once."""
    said, half = np.array([-4.0, -80.0, 0.8]), np.array([1.0, 20.0, 0.0])
    came = np.array(computed)
    within = np.abs(said - came) <= np.maximum(half, 0.1 * np.abs(came))
    return pd.DataFrame(
        {"indicator": NAMES, "unit": WHOLE_AREA, "base": [30.0, 460.0, 8.0], "predicted": said, "low": said - half,
         "high": said + half, "computed": came, "within": within}
    )  # fmt: skip


def viewed(run: Run, computed: list[float], *, rounds: int = 1) -> tuple[Any, Any]:
    """Return a view of a run, and its choice, whose loop had some rounds."""
    one = SimpleNamespace(cost=1e6, tried=2, within=2, indicators=3, kept=False)
    told = [SimpleNamespace(**{**vars(one), "kept": at == rounds - 1}) for at in range(rounds)]
    budget = SimpleNamespace(trade_off=None, maximise="dry")
    choice = SimpleNamespace(rounds=tuple(told), end="agrees", budget=budget)
    tables = {"rerun": rerun(computed)}
    if rounds > 1:
        tables["rounds"] = pd.concat([tables["rerun"].assign(round=at) for at in range(1, rounds + 1)])
        tables["refits"] = pd.DataFrame(
            {
                "round": [1, 1],
                "measure": ["green_roof", "rain_garden"],
                "indicator": "flooded_area",
                "scale": [-0.5, 1.0],
            }
        )
    view = View(run)
    objective = SimpleNamespace(id="dry", indicator="flooded_buildings")
    manifest = SimpleNamespace(
        screening_grid=SimpleNamespace(cell=20.0), asked=SimpleNamespace(objectives=[objective])
    )  # fmt: skip
    seen = SimpleNamespace(
        run=SimpleNamespace(table=tables.get, manifest=manifest, choice=choice), unit_of=view.unit_of, money=view.money
    )
    return seen, choice


def paragraphs(view: Any, choice: Any, language: str) -> list[str]:
    return [in_words(block.text, language) for block in reruns(view, choice) if isinstance(block, Paragraph)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_one_counts_predictions_apart_from_what_was_computed_at_once(run: Run, language: str) -> None:
    sentence = first_page_sentence(viewed(run, [-4.5, -120.0, 0.8])[0])
    assert sentence is not None
    said = in_words(sentence, language)
    assert [int(part) for part in "".join(each if each.isdigit() else " " for each in said).split()] == [2, 1, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_indicator_outside_its_band_is_named_with_both(run: Run, language: str) -> None:
    view, choice = viewed(run, [-4.5, -120.0, 0.8])
    said = paragraphs(view, choice, language)[0]
    assert "120" in said
    assert "100" in said
    assert "60" in said
    assert "4.5" not in said


def test_a_run_as_predicted_is_no_warning_and_one_that_differs_is(run: Run) -> None:
    kinds = []
    for computed in ([-4.5, -85.0, 0.8], [-4.5, -120.0, 0.8]):
        view, choice = viewed(run, computed)
        kinds.append(next(block.kind for block in reruns(view, choice) if isinstance(block, Paragraph)))
    assert kinds == ["text", "warning"]


def test_a_table_of_rounds_stands_only_where_there_were_several(run: Run) -> None:
    one, several = (viewed(run, [-4.5, -85.0, 0.8], rounds=count) for count in (1, 2))
    assert [block.name for block in reruns(*one) if isinstance(block, Table)] == ["rerun"]
    tables = {block.name: block for block in reruns(*several) if isinstance(block, Table)}
    assert list(tables) == ["rounds", "rerun", "refits"]
    assert not tables["rounds"].appendix
    assert tables["rerun"].appendix
    assert tables["rounds"].frame["flooded_buildings"].tolist() == [-85.0, -85.0]
    assert tables["refits"].frame["scale"].tolist() == [-0.5]


def test_a_run_without_bands_is_compared_all_the_same(run: Run) -> None:
    view, choice = viewed(run, [-4.5, -85.0, 0.8])
    old = rerun([-4.5, -85.0, 0.8]).drop(columns=["low", "high", "within"])
    view.run.table = {"rerun": old}.get
    choice.rounds = ()
    assert first_page_sentence(view) is None
    (table,) = list(reruns(view, choice))
    assert isinstance(table, Table)
    assert len(table.frame) == 3
