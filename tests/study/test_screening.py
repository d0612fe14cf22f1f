"""Screening runs compute what indicators and controls are read from, and nothing else."""

from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.plan.planner import plan
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator
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
