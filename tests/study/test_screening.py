"""Screening runs compute what indicators and controls are read from, no more; the pre-flight knows how much that is."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from citybraid.core.step import Step
from citybraid.planning.read_layers import control_layers, indicator_layers
from citybraid.store.store import Store
from citybraid.study.explain.checking import expected_cost
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.plan.planner import plan
from citybraid.study.run.choosing import choice_size
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator, read_steps
from citybraid.study.run.run import Run

READ, UNREAD = "lowcarbon.building_energy", "lowcarbon.life_cycle"
"""A model that indicators are read from, and one whose outputs no indicator or control is read from."""


def test_a_measure_is_tried_without_what_nothing_reads(ran: Run) -> None:
    study = open_study(ran.folder.parents[1] / "study.toml")
    taken = take_in_study(study, ran.store)
    base = study.portfolio("with_measures")
    evaluator = Evaluator(study, taken.place, base, Engine(ran.store, threads=1), taken.grid)
    settings = study.settings(evaluator.on("screening"))
    steps = plan(taken.place, study.models, (*base, study.use("envelope_retrofit", {})), settings).steps
    stored = {step.model.id: all(ran.store.has(out.key) for out in step.outs) for step in steps}
    assert stored[READ]
    assert not stored[UNREAD]


@pytest.fixture(scope="module")
def choosing(ran: Run) -> Evaluator:
    """The evaluator of the run's choice of measures, which runs nothing."""
    study = open_study(ran.folder.parents[1] / "study.toml")
    taken = take_in_study(study, ran.store)
    return Evaluator(study, taken.place, study.portfolio("with_measures"), Engine(ran.store, threads=1), taken.grid)


def test_all_that_indicators_and_controls_are_read_from_is_computed(ran: Run, choosing: Evaluator) -> None:
    budget = choosing.study.asked.budget
    assert budget is not None
    for name in ("", *(budget.candidates or ())):
        uses = (choosing.study.use(name, {}),) if name else ()
        planned = choosing.plan(uses, grid="screening")
        kept = {out.key for step in read_steps(planned) for out in step.outs}
        layers = (*indicator_layers(planned.place), *control_layers(planned.place))
        made = {out.key for step in planned.steps for out in step.outs} & {layer.key for layer in layers}
        assert made
        assert made <= kept, name
        assert all(ran.store.has(layer.key) for layer in layers), name
        assert len(read_steps(planned)) < len(planned.steps)


def test_a_plan_is_made_once_and_is_that_of_the_planner(choosing: Evaluator) -> None:
    one, other = (choosing.study.use(name, {}) for name in ("green_roof", "rooftop_pv"))
    made = choosing.plan((one, other), grid="screening")
    assert choosing.plan((other, one), grid="screening") is made
    settings = choosing.study.settings(choosing.on("screening"))
    anew = plan(choosing.place, choosing.study.models, (*choosing.base, one, other), settings)
    assert [step.key for step in made.steps] == [step.key for step in anew.steps]
    assert made.place == anew.place
    assert choosing.plan((one, other), grid="full") is not made


def test_the_size_of_a_choice_is_that_of_its_plans(ran: Run, choosing: Evaluator) -> None:
    names = ["green_roof", "rooftop_pv", "rain_garden", "street_trees"]
    assert choosing.study.asked.budget is not None
    budget = choosing.study.asked.budget.model_copy(update={"pairs": True, "candidates": tuple(names)})
    size = choice_size(choosing, budget)
    assert all(ran.store.has(out.key) for step in size.alone for out in step.outs)
    known = {step.key for step in size.alone}
    pairs = Counter[str]()
    for uses in combinations([choosing.study.use(name, {}) for name in names], 2):
        steps: tuple[Step, ...] = read_steps(choosing.plan(uses, grid="screening"))
        pairs.update(step.name for step in steps if step.key not in known)
    # Where a measure leaves another less room, that one's own Step is new too: those are not foreseen.
    assert 0.9 * sum(pairs.values()) < len(size.pairs) <= sum(pairs.values())
    assert choice_size(choosing, budget.model_copy(update={"pairs": False})).pairs == ()
    assert any(step.model.id == "resilience.flood" for step in size.chosen)


def test_the_preflight_counts_a_choice_that_is_still_to_be_made(
    ran: Run, choosing: Evaluator, tmp_path: Path
) -> None:  # fmt: skip
    study = choosing.study
    for store, counted in ((Store(tmp_path / "store"), True), (ran.store, False)):
        taken = take_in_study(study, store)
        whole = expected_cost(study, taken, store, threads=1)
        alone = expected_cost(study, taken, store, threads=1, baseline_only=True)
        assert (whole.steps > alone.steps) is counted
        assert (whole.seconds > alone.seconds) is counted
