"""The loop of a run: its trail in tables and manifest, bands around what was predicted, settings that are refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputErrors, PlanError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.report.chapter import in_words
from citybraid.report.verdict.reruns import changed, first_page_sentence, reruns
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.run import Run

ENDS = {"agrees", "same", "none_better", "rounds"}


def table(run: Run, name: str) -> pd.DataFrame:
    found = run.table(name)
    assert found is not None
    return found


def test_the_trail_of_the_loop_is_kept(ran: Run) -> None:
    choice = ran.choice
    assert choice is not None
    rounds, adoption = table(ran, "rounds"), table(ran, "round_adoption")
    assert 1 <= len(choice.rounds) <= choice.budget.rounds
    assert choice.end in ENDS
    assert [each.kept for each in choice.rounds].count(True) == 1
    assert set(rounds["round"]) == set(adoption["round"]) == set(range(1, len(choice.rounds) + 1))
    assert all(each.cost <= choice.budget.total * (1 + 1e-6) for each in choice.rounds)
    kept = next(at for at, each in enumerate(choice.rounds, 1) if each.kept)
    assert choice.rounds[kept - 1].members == choice.members
    told = rounds[(rounds["round"] == kept)].set_index("indicator")["computed"]
    rerun = table(ran, "rerun")
    whole = rerun[rerun["unit"] == WHOLE_AREA].set_index("indicator")["computed"]
    pd.testing.assert_series_equal(told, whole)


def test_what_was_computed_is_the_difference_of_both_alternatives(ran: Run) -> None:
    rerun = table(ran, "rerun")
    whole = rerun[rerun["unit"] == WHOLE_AREA].set_index("indicator")
    change = table(ran, "units/with_measures") - table(ran, "units/as_planned")
    for name in ("emissions_per_resident", "flooded_buildings", "canopy_cover", "expected_annual_damage"):
        assert whole["computed"][name] == pytest.approx(change[name][WHOLE_AREA], abs=1e-9)


def test_effects_without_a_flood_behind_them_are_exact_and_others_carry_a_band(ran: Run) -> None:
    rerun = table(ran, "rerun")
    whole = rerun[rerun["unit"] == WHOLE_AREA].set_index("indicator")
    half = (whole["high"] - whole["low"]) / 2.0
    for name in ("emissions_per_resident", "canopy_cover", "utci", "annual_runoff_control"):
        assert half[name] == 0.0
        assert whole["predicted"][name] == pytest.approx(whole["computed"][name], rel=1e-9, abs=1e-12)
    assert half["flooded_area"] > 0.0
    off = (whole["predicted"] - whole["computed"]).abs()
    inside = off <= np.maximum(half, 0.1 * whole["computed"].abs()) + 1e-6 * whole["base"].abs()
    told = whole["banded"].astype(bool)
    assert (inside | off.isna())[told].tolist() == whole["within"].astype(bool)[told].tolist()
    assert whole.loc[~told, ["low", "high"]].isna().all(axis=None)
    assert whole.loc[told & whole["predicted"].notna(), ["low", "high"]].notna().all(axis=None)


def test_measures_have_bands_too(ran: Run) -> None:
    effects = table(ran, "effects")
    told = effects["banded"].astype(bool) & effects["change"].notna()
    assert (effects["low"] <= effects["change"] + 1e-12)[told].all()
    assert effects.loc[~effects["banded"].astype(bool), ["low", "high"]].isna().all(axis=None)
    flood = effects[(effects["indicator"] == "flooded_area") & (effects["zone"] == WHOLE_AREA)]
    moved = flood[flood["change"] != 0.0]
    assert (moved["high"] > moved["low"]).all()


def test_the_report_counts_what_came_as_predicted(ran: Run) -> None:
    view = View(ran)
    rows, choice = changed(view), ran.choice
    assert rows is not None
    assert choice is not None
    blocks = list(reruns(view, choice))
    told = rows[rows["banded"].astype(bool)]
    banded = told[(told["high"] > told["low"]) | (told["predicted"] != told["computed"])]
    assert 0 < len(banded) < len(told)
    sentence = first_page_sentence(view)
    assert sentence is not None
    for language in LANGUAGES:
        said = in_words(sentence, language)
        assert str(len(banded)) in said
        assert str(int(banded["within"].sum())) in said
        assert str(len(told) - len(banded)) in said
    assert {"rerun"} <= {getattr(block, "name", "") for block in blocks}


@pytest.mark.parametrize(
    ("line", "part"),
    [('full = ["no_such_measure"]', "no_such_measure"), ('full = ["cool_roof"]', "cool_roof"), ("rounds = 0", "rounds"),
     ('full = ["green_roof", "green_roof"]', "green_roof")],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(town: Path, tmp_path: Path, line: str, part: str) -> None:
    study = tmp_path / "study.toml"
    text = town.read_text(encoding="utf-8").replace("[budget]\n", f"[budget]\n{line}\n")
    study.write_text(text.replace("[study]\n", f'[study]\ndata = "{town.parent}"\n'), encoding="utf-8")
    (tmp_path / "factors.csv").write_bytes((town.parent / "factors.csv").read_bytes())
    with pytest.raises((PlanError, InputErrors)) as caught:
        open_study(study)
    for language in LANGUAGES:
        assert part in caught.value.say(language)
