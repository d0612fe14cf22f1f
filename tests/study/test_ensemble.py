"""The ensemble of floods that a study asks for: bands, indices, what is not varied, and that asking again is free."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputErrors
from citybraid.store.store import Store
from citybraid.study.explain.checking import planned
from citybraid.study.explain.verification import verify
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.preflight import EnsembleSize, expected_cost
from citybraid.study.run.run import Run
from tests.coarse_town import without

STORM = '[[storms]]\nlabel = "p20"\nreturn_period = 20\nduration = 120\n'
"""One that bands do without: two storms show what three do, and each costs sixteen floods and as many again."""
WORDS = '\n[uncertainty]\nruns = 8\ndraws = 64\nseed = 3\nalternatives = ["as_is", "scheme_b"]\n'


def asked(path: Path, words: str) -> Path:
    path.write_text(path.read_text(encoding="utf-8") + words, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def drawn(ran: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The town's run with the question put to it: what it computed before is in the store."""
    folder = tmp_path_factory.mktemp("ensemble") / "town"
    shutil.copytree(ran.folder.parents[1], folder, ignore=shutil.ignore_patterns("runs"))
    path = asked(folder / "study.toml", WORDS)
    text = without(path.read_text(encoding="utf-8"), "as_planned")
    assert STORM in text
    path.write_text(text.replace(STORM, ""), encoding="utf-8")
    return run_study(open_study(path), threads=2, baseline_only=True)


def test_bands_hold_events_and_the_average_year(drawn: Run) -> None:
    table = drawn.table("uncertainty/as_is")
    assert table is not None
    storms = {storm.label for storm in drawn.manifest.asked.storms}
    assert storms < set(table["event"])
    assert table["event"].iloc[-1] == ""
    assert (table["draws"] == 128).all()
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()
    assert (table["high"] > table["low"]).all()
    events = table[table["event"].isin(storms)]
    assert events["return_period"].is_monotonic_increasing
    assert events["emulator_error"].between(0.0, 1.0).all()
    assert (np.diff(events["median"]) > 0.0).all()
    assert events["screening"].between(events["low"], events["high"]).all()
    assert (table["full"] > 0.0).all()
    assert (events["people_low"] <= events["people_high"]).all()
    assert (events["people_low"] < events["people_high"]).any()
    assert events["people_screening"].between(events["people_low"], events["people_high"]).all()


def test_indices_and_what_is_not_varied_are_told(drawn: Run) -> None:
    table = drawn.table("sobol/as_is")
    assert table is not None
    assert {"rain", "roughness", "curve/residential", "price/price_level", "emulator"} <= set(table["source"])
    assert table["total"].between(-0.05, 1.5).all()
    total = table.set_index("source")["total"]
    assert total["rain"] > 0.001
    assert total["curve/residential"] > total["emulator"]
    told = drawn.manifest.uncertainty
    assert told is not None
    assert (told.runs, told.draws, told.seed, told.cell) == (8, 64, 3, 80.0)
    assert "value/residential" in set(table["source"])
    assert "flood_damage_price: currency" in told.not_varied
    assert told.alternatives == ("as_is", "scheme_b")
    assert told.given is False


def test_alternatives_share_their_draws_so_that_changes_are_surer_than_either(drawn: Run) -> None:
    before, after = (drawn.table(f"uncertainty/{name}") for name in ("as_is", "scheme_b"))
    changes = drawn.table("uncertainty_change")
    assert before is not None
    assert after is not None
    assert changes is not None
    assert list(changes["alternative"]) == ["scheme_b"]
    one, other = (table[table["event"] == ""].iloc[0] for table in (before, after))
    (change,) = changes.to_dict("records")
    assert change["mean"] == pytest.approx(other["mean"] - one["mean"], rel=1e-9)
    assert change["low"] <= change["median"] <= change["high"]
    assert change["high"] - change["low"] < (one["high"] - one["low"]) + (other["high"] - other["low"])
    assert 0.0 <= change["lowered"] <= 1.0
    assert -1.0 <= change["share_low"] <= change["share_high"]
    assert change["share_high"] - change["share_low"] < (one["high"] - one["low"]) / one["median"]
    assert drawn.table("uncertainty/scheme_a") is None


def test_models_that_only_an_ensemble_feeds_are_no_gaps(ran: Run) -> None:
    missing = {gap.model for name in ran.alternatives for gap in ran.gaps(name)}
    assert not missing & {"resilience.damage_draws", "resilience.damage_uncertainty"}


def test_an_unknown_alternative_is_refused_before_anything_runs(town_copy: Path) -> None:
    with pytest.raises(InputErrors) as caught:
        open_study(asked(town_copy, '\n[uncertainty]\nruns = 8\nalternatives = ["nowhere"]\n'))
    for language in ("en", "zh"):
        assert "nowhere" in caught.value.say(language)
        assert "scheme_b" in caught.value.say(language)


def test_the_preflight_counts_the_runs_of_the_ensemble(town_copy: Path, read_store: Store) -> None:
    study, store = open_study(asked(town_copy, WORDS)), read_store
    taken = take_in_study(study, store)
    plans, problems = planned(study, taken)
    assert not problems
    bare, whole = (
        expected_cost(plans, taken, store, threads=1, ensemble=size) for size in (None, EnsembleSize.of(study, taken))
    )
    assert whole.steps >= bare.steps + 8 * len(study.asked.storms)
    assert whole.seconds > bare.seconds


def test_every_run_is_a_step_and_none_runs_twice(drawn: Run) -> None:
    floods = [step for step in drawn.manifest.steps.values() if step.model == "resilience.damage_draws"]
    assert len(floods) >= len(drawn.manifest.asked.storms)
    again = run_study(open_study(drawn.folder.parent.parent / "study.toml"), threads=2, baseline_only=True)
    assert again.manifest.executed == 0


def test_verification_tells_what_was_tampered_with_and_other_ranges_and_nothing_else(drawn: Run) -> None:
    """A band and a value are tampered with, and what no file states is drawn anew: one run tells of all.

    Alternatives that the study no longer has are not recomputed, which saves a fifth of the run.
    """
    study = drawn.folder.parent.parent / "study.toml"
    other, text = study.with_name("seed.toml"), without(study.read_text(encoding="utf-8"), "scheme_a")
    assert "[imputation]\ndraws = 2\n" in text
    other.write_text(text.replace("[imputation]\n", "[imputation]\nseed = 9\n"), encoding="utf-8")
    table = drawn.folder / "tables/uncertainty/as_is.parquet"
    kept = pd.read_parquet(table)
    layer = drawn.layers("as_is")["canopy_cover"][""]
    value = drawn.value(layer).copy(deep=True)
    changed = value.copy(deep=True)
    changed[0, 0] = 0.987
    try:
        kept.assign(high=kept["high"] * 1.01).to_parquet(table)
        _put(drawn.store, layer.key, changed)
        told = verify(Run.open(drawn.folder), open_study(other))
    finally:
        kept.to_parquet(table)
        _put(drawn.store, layer.key, value)
    # the layer of the same content stands in every alternative that does not change it
    assert {name for name in told.differing if "canopy_cover" not in name} == {
        "as_is:uncertainty", "as_is:bands",
    }  # fmt: skip
    assert "as_is:canopy_cover@" in told.differing
    assert told.missing == ()
    assert told.values > 200


def _put(store: Store, key: str, value: object) -> None:
    store.forget([key])
    store.put(key, value)


def test_too_few_runs_are_refused(town_copy: Path) -> None:
    with pytest.raises(InputErrors) as caught:
        open_study(asked(town_copy, "\n[uncertainty]\nruns = 5\n"))
    for language in ("en", "zh"):
        assert "8" in caught.value.say(language)
        assert "uncertainty.runs" in caught.value.say(language)


def test_without_the_question_nothing_is_run(ran: Run) -> None:
    assert ran.table("uncertainty/as_is") is None
    assert ran.manifest.uncertainty is None
