"""Screening runs compute what indicators and controls are read from, no more; the pre-flight knows how much that is."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest

from citybraid.core.layer import Layer
from citybraid.core.step import Step
from citybraid.planning.control_table import computed_controls
from citybraid.planning.rows import controls, indicators
from citybraid.planning.unit_table import unit_table
from citybraid.store.store import Store
from citybraid.study.explain.checking import expected_cost
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.run.choosing import choice_size
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.parcel_effects import fix_steps, parcel_effects
from citybraid.study.run.preflight import ChoiceSize, Estimate, FixSize, with_report
from citybraid.study.run.preflight import expected_cost as size_of
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
    stored = {step.model.id for step in steps if all(ran.store.has(out.key) for out in step.outs)}
    assert READ in stored  # with the measure; nothing reads what it was before
    assert UNREAD not in stored


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
        steps = choosing.read_steps(planned)
        kept = {out.key for step in steps for out in step.outs}
        unread = {out.key for step in planned.steps for out in step.outs} - kept
        read = _keys_read(choosing, planned)
        assert read & kept
        assert not read & unread, name
        assert all(ran.store.has(key) for key in kept), name
        assert len(steps) < len(planned.steps)


def _keys_read(evaluator: Evaluator, planned: Plan) -> set[str]:
    """Return the keys of the values that indicators and controls do read."""
    read = set[str]()

    def value(layer: Layer) -> object:
        read.add(layer.key)
        return evaluator.engine.memory.get(layer.key)

    reader = replace(evaluator, zones="parcels")
    unit_table(replace(evaluator.read(planned, grid="screening"), value=value), indicators().values())
    computed_controls(replace(reader.read(planned, grid="screening"), value=value))
    return read


def test_of_events_the_worst_alone_is_computed_where_no_number_needs_the_others(choosing: Evaluator) -> None:
    planned = choosing.plan((), grid="screening")
    steps = choosing.read_steps(planned)
    events = {step.name.partition("@")[2] for step in planned.steps if step.model.id == "resilience.evacuation"}
    assert events == {"p5", "p20", "p50", "user"}
    assert [step.name for step in steps if step.model.id == "resilience.evacuation"] == ["resilience.evacuation@p50"]
    floods = {step.name.partition("@")[2] for step in steps if step.model.id == "resilience.flood"}
    assert floods == {"p5", "p20", "p50"}  # the damage of an average year is of all but the storm without a period


def test_fixes_read_the_failed_controls_alone_and_have_the_same_values(ran: Run, choosing: Evaluator) -> None:
    table = ran.table("controls/as_planned")
    assert table is not None
    failed = frozenset(table.loc[table["state"] == "failed", "control"])
    assert "waterlog" in failed
    uses = [choosing.study.use(name, {}) for name in ("rain_garden", "green_roof")]
    few, undivided = parcel_effects(choosing, uses, table, failed)
    every, same = parcel_effects(choosing, uses, table, frozenset(controls()))
    assert undivided == same
    for use in uses:
        name = use.model.name
        change = every.single[name].change[list(few.single[name].change)]
        pd.testing.assert_frame_equal(few.single[name].change, change, check_exact=True)
        assert set(few.single[name].change) == failed
        events = {
            step.name.partition("@")[2]
            for step in fix_steps(choosing, use, failed)["screening"]
            if step.model.id == "resilience.flood"
        }
        assert events <= {"p50"}, name


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
        steps: tuple[Step, ...] = choosing.read_steps(choosing.plan(uses, grid="screening"))
        pairs.update(step.name for step in steps if step.key not in known)
    # Where a measure leaves another less room, that one's own Step is new too: those are not foreseen.
    assert 0.85 * sum(pairs.values()) < len(size.pairs) <= sum(pairs.values())
    assert choice_size(choosing, budget.model_copy(update={"pairs": False})).pairs == ()
    assert any(step.model.id == "resilience.flood" for step in size.chosen)


def test_the_preflight_counts_a_choice_that_is_still_to_be_made(
    ran: Run, choosing: Evaluator, read_store: Store
) -> None:  # fmt: skip
    study = choosing.study
    for store, counted in ((read_store, True), (ran.store, False)):
        taken = take_in_study(study, store)
        whole = expected_cost(study, taken, store, threads=1)
        alone = expected_cost(study, taken, store, threads=1, baseline_only=True)
        assert (whole.steps > alone.steps) is counted
        assert (whole.seconds > alone.seconds) is counted
        assert (whole.rounds > 0.0) is counted
        assert alone.rounds == 0.0


def test_the_preflight_counts_fixes_and_the_report(ran: Run, choosing: Evaluator) -> None:
    budget = choosing.study.asked.budget
    assert budget is not None
    size = choice_size(choosing, budget)
    assert any(step.model.id == "resilience.flood" for step in size.fixes.screening)
    assert size.fixes.full
    assert size.fixes.repeats == size.fixes.others + 1.0 > 1.0  # all priced measures, not the candidates alone
    taken = take_in_study(choosing.study, ran.store)
    plain, told = (expected_cost(choosing.study, taken, ran.store, threads=1, report=each) for each in (False, True))
    assert plain.report == 0.0
    assert told.seconds == plain.seconds + told.report
    assert told.report > with_report(plain, 1).report > 0.0


def test_fixes_and_rounds_take_as_long_as_their_steps(ran: Run, choosing: Evaluator) -> None:
    budget = choosing.study.asked.budget
    assert budget is not None
    taken = take_in_study(choosing.study, ran.store)
    three = tuple(choosing.study.use(name, {}) for name in ("green_roof", "rooftop_pv", "street_trees"))
    not_run = choosing.read_steps(choosing.plan(three, grid="screening"))
    size = replace(choice_size(choosing, budget), alone=not_run)

    def cost(choice: ChoiceSize) -> Estimate:
        return size_of({}, taken, ran.store, threads=1, choice=choice)

    bare = cost(replace(size, fixes=FixSize((), (), 1.0, 1.0), rounds=1))
    once, twice = (
        cost(replace(size, fixes=replace(size.fixes, repeats=each, others=each), rounds=1)) for each in (1.0, 2.0)
    )
    assert once.seconds > bare.seconds
    assert twice.seconds - bare.seconds == pytest.approx(2 * (once.seconds - bare.seconds))
    second, third = (cost(replace(size, rounds=each)) for each in (2, 3))
    assert bare.rounds == 0.0
    assert third.rounds == pytest.approx(2 * second.rounds)
