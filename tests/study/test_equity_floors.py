"""Equity floors of planning units that do not exist are told before anything runs, by the check and by the run."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputErrors
from citybraid.store.store import Store
from citybraid.study.explain.checking import check
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.braided_town import Braided

EXTRA = """
[[objectives]]
id = "shade"
title = { zh = "树冠", en = "Canopy" }
strategy = { zh = "种树", en = "Plant" }
indicator = "canopy_cover"
target = 5
year = 2035

[alternatives.chosen]
title = { zh = "组合", en = "Chosen" }
portfolio = true

[budget]
total = 1_000_000
maximise = "shade"
candidates = ["street_trees"]

[[budget.floors]]
share = 0.3
units = { NW = 1.0, "北区" = 0.5 }
"""


def test_units_of_a_floor_that_do_not_exist_are_told_before_anything_runs(tmp_path: Path) -> None:
    study = open_study(Braided(tmp_path, extra=EXTRA).written())
    store = Store(tmp_path / "store")
    (told,) = check(study, store).refused
    assert told.text == "choose.floor_unit"
    assert "北区" in told.say("en")
    assert "NW" not in told.say("en").partition("(")[0]
    with pytest.raises(InputErrors) as stopped:
        run_study(study, store=store, threads=1)
    assert [each.text for each in stopped.value.problems] == ["choose.floor_unit"]
    assert not (tmp_path / "runs").exists()
