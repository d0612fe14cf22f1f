"""What no file states, carried into results: draws, ranges, scorecard, explanation."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.store.store import Store
from citybraid.study.explain import explanation
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.plan.planner import plan
from citybraid.study.run import imputing, preflight
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.coarse_town import without

DRAWS = 2
"""Of the coarse town; a study that names none has five."""


def test_the_state_as_it_is_has_ranges_and_only_what_filled_values_reach(ran: Run) -> None:
    bands, units = ran.table("bands/as_is"), ran.table("units/as_is")
    assert bands is not None
    assert units is not None
    assert all(ran.table(f"bands/{name}") is None for name in ran.alternatives if name != "as_is")
    assert (bands["low"] <= bands["value"]).all()
    assert (bands["value"] <= bands["high"]).all()
    assert (bands["draws"] == DRAWS).all()
    whole = bands[bands["zone"] == WHOLE_AREA].set_index("indicator")
    assert whole["value"]["building_emissions"] == units["building_emissions"][WHOLE_AREA]
    assert whole["high"]["building_emissions"] > whole["low"]["building_emissions"]
    assert {"people_exposed", "energy_intensity", "net_emissions"} <= set(whole.index)
    assert not {"flooded_area", "canopy_cover", "residents"} & set(whole.index)


def test_the_least_stated_share_stands_beside_the_range(ran: Run) -> None:
    bands = ran.table("bands/as_is")
    assert bands is not None
    stated = bands.set_index("indicator")["stated"]
    complete = ran.manifest.completeness
    assert stated["building_emissions"].iloc[0] == pytest.approx(complete["year_built"])
    assert stated["people_exposed"].iloc[0] == pytest.approx(min(complete[each] for each in ("building_use", "floors")))


def test_the_manifest_tells_what_was_filled_and_how_row_by_row(ran: Run) -> None:
    told = ran.manifest.imputation
    assert (told.draws, told.seed) == (DRAWS, 1)
    assert set(told.filled) == {"building_use", "floors", "height", "year_built"}
    year = told.filled["year_built"]
    assert sum(year.rules.values()) == year.rows == round((1 - ran.manifest.completeness["year_built"]) * year.of)
    method, low, high = (ran.store.get(year.columns[name]) for name in ("method", "low", "high"))
    assert (method != "").sum() == year.rows
    assert low.notna().equals(method != "")
    assert (high >= low)[method != ""].all()
    share = ran.store.get(told.filled["building_use"].columns["share"])
    assert share.dropna().between(0, 1).all()
    assert {"intake.year_error", "intake.height_error", "intake.people_units_error"} <= {
        finding.text for finding in ran.findings
    }


def test_the_scorecard_says_whether_a_verdict_is_firm(ran: Run) -> None:
    card = ran.table("scorecard")
    assert card is not None
    now = card[card["alternative"] == "as_is"].set_index("objective")
    assert np.isfinite(now["low"]["carbon"])
    assert now["low"]["carbon"] <= now["value"]["carbon"] <= now["high"]["carbon"]
    assert np.isnan(now["low"]["shade"])
    assert now["firm"].all()


def test_an_explanation_tells_the_range(ran: Run) -> None:
    found = explanation.explain(ran, "building_emissions")
    assert set(found.bands) == {"as_is"}
    assert found.bands["as_is"].low < found.bands["as_is"].high
    assert explanation.explain(ran, "canopy_cover").bands == {}


def test_draws_run_only_what_depends_on_filled_values(ran: Run, town: Path) -> None:
    study = open_study(town)
    taken = take_in_study(study, Store(town.parent / ".citybraid" / "store"))
    assert len(taken.draws) == DRAWS
    assert {layer.var.name for columns in taken.draws for layer in columns} == {
        "building_use", "floors", "height", "year_built", "living_weight",
    }  # fmt: skip
    now = {step.key for step in ran.steps("as_is")}
    own = [step.name for plan in imputing.planned(study, taken) for step in plan.steps if step.key not in now]
    assert any(name.startswith("lowcarbon.building_energy") for name in own)
    assert not any(
        name.startswith(("resilience.flood@", "biodiversity.habitat", "biodiversity.connectivity", "resilience.runoff"))
        for name in own
    )
    assert len(own) == len(set(own)) * DRAWS


def test_the_preflight_counts_the_draws(town: Path, read_store: Store) -> None:
    study, store = open_study(town), read_store
    taken = take_in_study(study, store)
    now = plan(taken.place, study.models, (), study.settings(taken.grid))
    draws = imputing.planned(study, taken)
    alone = preflight.expected_cost({"as_is": now}, taken, store, threads=1)
    whole = preflight.expected_cost({"as_is": now}, taken, store, threads=1, draws=draws)
    assert whole.steps == len({step.key for each in (now, *draws) for step in each.steps}) > alone.steps
    assert whole.seconds > alone.seconds


def test_draws_are_off_where_the_study_says_so(ran: Run, town: Path) -> None:
    off = town.with_name("off.toml")
    text = without(town.read_text(encoding="utf-8"), "scheme_a", "scheme_b")
    assert "[imputation]\ndraws = 2\n" in text
    off.write_text(text.replace("draws = 2\n", "draws = 0\n"), encoding="utf-8")
    again = run_study(open_study(off), baseline_only=True)
    assert again.manifest.executed == 0
    assert again.manifest.imputation.draws == 0
    assert again.manifest.imputation.filled.keys() == ran.manifest.imputation.filled.keys()
    assert again.table("bands/as_is") is None
    for name in ("as_is", "as_planned"):
        assert ran.manifest.alternatives[name].layers == again.manifest.alternatives[name].layers
