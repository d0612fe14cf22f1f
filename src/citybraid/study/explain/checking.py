"""Check: all that can be known of a study before it runs, whether its files can be taken in or not."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from citybraid.core.errors import InputErrors, PlanError, StudyError
from citybraid.core.step import Gap
from citybraid.core.text import Phrase
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.store.store import Store
from citybraid.study.explain.prospects import Addition, Lineage, additions
from citybraid.study.open.events import Emit, quiet
from citybraid.study.open.opened import OpenStudy
from citybraid.study.open.taken import Look, Taken, look
from citybraid.study.plan.planner import Planned, plan
from citybraid.study.run import imputing, preflight
from citybraid.study.run.pipeline import AS_IS


@dataclass(frozen=True)
class Checked:
    """What a check found: what was seen of the files, the plans of the alternatives, and all that is refused.

    `plans` holds the alternatives that can be planned; it is empty where nothing says
    where the area lies. `additions` come the most useful first.
    """

    study: OpenStudy
    seen: Look
    plans: Mapping[str, Planned]
    refused: tuple[PlanError, ...]
    additions: tuple[Addition, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Models of the first alternative that could not run, and what they need."""
        first = next(iter(self.plans.values()), None)
        return () if first is None else first.gaps


def check(study: OpenStudy, store: Store, *, emit: Emit = quiet, sandbox: Sandbox | None = None) -> Checked:
    """Read every file, go on past those that are refused, and plan what is left.

    `sandbox` is a worker that may read the study's files and does so before and after too.
    """
    preview = look(study, store, emit=emit, sandbox=sandbox)
    if preview.taken is None:
        return Checked(study, preview, {}, preview.refused, ())
    plans, problems = planned(study, preview.taken)
    first = next(iter(plans.values()), None)
    objectives = {objective.id: objective.indicator for objective in study.asked.objectives}
    suggested = () if first is None else additions(Lineage.of(first), preview.taken.trust, objectives)
    return Checked(study, preview, plans, (*preview.refused, *problems), suggested)


def expected(study: OpenStudy, intake: Taken, store: Store, *, threads: int | None = None) -> preflight.Estimate:
    """Return what a run of a study asks of this machine.

    Raises InputErrors where an alternative cannot be planned: before any of them runs.
    """
    plans, problems = planned(study, intake)
    if problems:
        raise InputErrors(problems)
    return preflight.expected(
        plans, intake, store, threads=threads or os.cpu_count() or 1, draws=imputing.planned(study, intake),
        ensemble=preflight.EnsembleSize.of(study, intake),
    )  # fmt: skip


def planned(study: OpenStudy, intake: Taken) -> tuple[Mapping[str, Planned], tuple[PlanError, ...]]:
    """Plan every alternative, so that what one of them lacks is told before any runs; and what cannot be planned."""
    portfolios = {name: study.portfolio(name) for name in study.asked.alternatives} or {AS_IS: ()}
    plans: dict[str, Planned] = {}
    problems: list[PlanError] = []
    for name, portfolio in portfolios.items():
        try:
            plans[name] = plan(intake.place, study.models, portfolio, study.settings(intake.grid))
        except PlanError as fault:
            problems.append(StudyError("study.alternative", name=name, why=Phrase(fault.text, fault.values)))
    return plans, tuple(problems)
