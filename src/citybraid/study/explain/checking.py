"""Check: everything that can be determined before a study runs, even where files are refused."""

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from citybraid.core.errors import InputErrors, PlanError, StudyError
from citybraid.core.evaluate import Portfolio
from citybraid.core.finding import Finding
from citybraid.core.step import Gap
from citybraid.core.text import Phrase, titled
from citybraid.planning.chain import MissingLink
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.store.store import Store
from citybraid.study.explain.prospects import Addition, Lineage, additions
from citybraid.study.explain.rehearsal import Rehearsal
from citybraid.study.open.events import Emit, StageFinished, StageStarted, quiet
from citybraid.study.open.open_study import OpenStudy, study_findings
from citybraid.study.open.study_intake import IntakePreview, StudyIntake, preview_intake
from citybraid.study.plan.factor_band import refuse_few_runs
from citybraid.study.plan.foreign_factors import foreign_factors
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.run import choosing, ensemble, imputing, preflight
from citybraid.study.run.backends.backend import Room
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.levels.frames import unknown_floors, unknown_profiles
from citybraid.study.run.pipeline import AS_IS
from citybraid.study.run.serving import Ground, idle_measures


@dataclass(frozen=True)
class CheckResult:
    """Result of a check: the intake preview, the plans of the alternatives, and all errors.

    `plans` holds the alternatives that can be planned; it is empty where no file gives
    the extent of the area. `additions` are sorted by usefulness. `idle` are measures that act on nothing
    that their objective's indicator is computed from.
    """

    study: OpenStudy
    seen: IntakePreview
    plans: Mapping[str, Plan]
    refused: tuple[PlanError, ...]
    additions: tuple[Addition, ...]
    idle: tuple[MissingLink, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of intake, on the study's region, and on factors of other regions that the plans use."""
        region = self.study.asked.study.region
        steps = (step for planned in self.plans.values() for step in planned.steps)
        return (*self.seen.findings, *study_findings(self.study), *foreign_factors(steps, region))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Models of the first alternative that could not run, and what they need."""
        first = next(iter(self.plans.values()), None)
        return () if first is None else first.gaps


def check(
    study: OpenStudy, store: Store, *, emit: Emit = quiet, sandbox: Sandbox | None = None, rehearsed: bool = True
) -> CheckResult:
    """Read every file, continue past refused ones, and plan with the rest to the last Step.

    `sandbox` is a reading worker with access to the study's files, to reuse; `rehearsed` False leaves out the
    rehearsal of the plans.
    """
    started = time.perf_counter()
    emit(StageStarted("intake"))
    preview = preview_intake(study, store, emit=emit, sandbox=sandbox)
    emit(StageFinished("intake", time.perf_counter() - started))
    if preview.taken is None:
        return CheckResult(study, preview, {}, preview.refused, ())
    plans, problems = planned(study, preview.taken)
    first = next(iter(plans.values()), None)
    objectives = {objective.id: objective.indicator for objective in study.asked.objectives}
    suggested = () if first is None else additions(Lineage.of(first), preview.taken.trust, objectives)
    idle = idle_measures(Ground.of(study, preview.taken.place, preview.taken.grid))
    key = (study, preview.taken.place, store)
    unknown = [*unknown_profiles(*key), *unknown_floors(*key)]
    refused = (*preview.refused, *problems, *unknown)
    if rehearsed and not refused:
        refused = _tried(study, preview.taken, plans, Engine(store, emit=emit))
    return CheckResult(study, preview, plans, refused, suggested, idle)


def _tried(study: OpenStudy, intake: StudyIntake, plans: Mapping[str, Plan], engine: Engine) -> tuple[PlanError, ...]:
    """Return what would stop a run of these plans, as a stage that tells how many of its Steps it computed."""
    started = time.perf_counter()
    engine.emit(StageStarted("trial"))
    rehearsal = Rehearsal(engine, rows=preflight.longest_table(intake, engine.store))
    problems = _stopping(study, intake, plans, rehearsal)
    engine.emit(StageFinished("trial", time.perf_counter() - started, rehearsal.ran))
    return problems


def _stopping(
    study: OpenStudy, intake: StudyIntake, plans: Mapping[str, Plan], rehearsal: Rehearsal
) -> tuple[PlanError, ...]:
    """Return what would stop a run of these plans: too little memory, no measure to choose, or an error of a Step."""
    engine = rehearsal.engine
    choice = _choice(study, intake, engine.store)
    size = _size(study, intake, plans, engine.store, threads=engine.threads, choice=choice)
    try:
        preflight.refuse_if_too_large(size)
    except PlanError as fault:
        return (fault,)
    problems: list[PlanError] = []
    chosen = [name for name, alternative in study.asked.alternatives.items() if alternative.portfolio]
    if study.asked.budget is not None and chosen:
        evaluator = Evaluator(study, intake.place, study.portfolio(chosen[0]), engine, intake.grid)
        problems += choosing.refusals(evaluator, study.asked.budget)
    for name, planned_steps in plans.items():
        problems += rehearsal.of(_alternative(study, name), planned_steps.steps, cells=size.cells)
    for number, draw in enumerate(imputing.planned(study, intake), start=1):
        problems += rehearsal.of(Phrase("study.of_imputation", {"number": number}), draw.steps, cells=size.cells)
    if problems:
        return tuple(problems)
    for faults in (_stopping_ensembles(study, intake, rehearsal), _stopping_screening(study, intake, rehearsal)):
        try:
            problems += faults
        except PlanError as fault:
            problems.append(fault)
    return tuple(problems)


def _stopping_ensembles(study: OpenStudy, intake: StudyIntake, rehearsal: Rehearsal) -> Iterator[PlanError]:
    """Yield what would stop the ensembles: the screening plan of each alternative, and runs at the ends of ranges."""
    settings, grid = study.asked.uncertainty, study.screening(intake.grid)
    cells = int(grid.shape[0] * grid.shape[1])
    if not settings.runs:
        return
    for name, portfolio in _portfolios(study).items():
        if settings.alternatives and name not in settings.alternatives:
            continue
        screened = plan(intake.place, study.models, portfolio, study.settings(grid))
        owner = Phrase("study.of_ensemble", {"title": _title(study, name)})
        yield from rehearsal.of(owner, screened.steps, cells=cells)
        steps = ensemble.trial(study, screened, rehearsal.engine, grid)
        yield from rehearsal.of(owner, steps, cells=cells)


def _stopping_screening(study: OpenStudy, intake: StudyIntake, rehearsal: Rehearsal) -> Iterator[PlanError]:
    """Yield what would stop the screening of measures for a budget."""
    chosen = [name for name, alternative in study.asked.alternatives.items() if alternative.portfolio]
    grid = study.screening(intake.grid)
    if study.asked.budget is None or not chosen:
        return
    evaluator = Evaluator(study, intake.place, study.portfolio(chosen[0]), rehearsal.engine, intake.grid)
    for name, steps in choosing.trial(evaluator, study.asked.budget):
        measures = [titled("model", f"integrate.measures.{each}") for each in name.split(" + ")]
        screened = Phrase("study.of_screening", {"title": _title(study, chosen[0]), "measures": measures})
        yield from rehearsal.of(
            screened if name else _alternative(study, chosen[0]), steps, cells=int(grid.shape[0] * grid.shape[1])
        )


def expected_cost(
    study: OpenStudy, intake: StudyIntake, store: Store, *, threads: int | None = None, rooms: Iterable[Room] = (),
    baseline_only: bool = False, report: bool = False,
) -> preflight.Estimate:  # fmt: skip
    """Return the estimated cost of a study's run, of the alternatives alone where it chooses no measures.

    With `report` that of its report is among it.
    `threads` run Steps at once on all machines together; `rooms` are these machines, where there are several: the
    memory is that of all workers of the one with the least left over.

    Raises InputErrors where an alternative cannot be planned, before any of them runs.
    """
    plans, problems = planned(study, intake)
    if problems:
        raise InputErrors(problems)
    choice = None if baseline_only else _choice(study, intake, store)
    total = _size(study, intake, plans, store, threads=threads or os.cpu_count() or 1, choice=choice)
    rows = preflight.longest_table(intake, store)
    total = preflight.with_report(total, len(plans), rows) if report else total
    machines = tuple(rooms)
    workers = sum(room.workers for room in machines)
    each = {
        room: room.workers * _size(
            study, intake, plans, store, threads=-(-room.threads // room.workers), choice=choice, workers=workers
        ).mib
        for room in set(machines)
    }  # fmt: skip
    known = {room: mib / room.free_mib for room, mib in each.items() if room.free_mib}
    if not known:
        return total
    tightest = max(known, key=lambda room: known[room])
    return replace(total, mib=each[tightest], free_mib=tightest.free_mib, processes=tightest.workers)


def checked_cost(checked: CheckResult, store: Store) -> preflight.Estimate | None:
    """Return the estimated cost of a run of a checked study with its report; None where it cannot be planned."""
    study, intake = checked.study, checked.seen.taken
    if not checked.plans or intake is None:
        return None
    choice = _choice(study, intake, store)
    total = _size(study, intake, checked.plans, store, threads=os.cpu_count() or 1, choice=choice)
    return preflight.with_report(total, len(checked.plans), preflight.longest_table(intake, store))


def _size(
    study: OpenStudy, intake: StudyIntake, plans: Mapping[str, Plan], store: Store, *, threads: int,
    choice: preflight.ChoiceSize | None, workers: int = 0,
) -> preflight.Estimate:  # fmt: skip
    draws, runs = imputing.planned(study, intake), preflight.EnsembleSize.of(study, intake)
    band = preflight.BandSize.of(study)
    interactions = preflight.InteractionSize.of(study, intake)
    return preflight.expected_cost(
        plans, intake, store, threads=threads, workers=workers, draws=draws, ensemble=runs, band=band,
        interactions=interactions, heat_loop=study.asked.couplings.heat_loop, choice=choice,
    )  # fmt: skip


def _choice(study: OpenStudy, intake: StudyIntake, store: Store) -> preflight.ChoiceSize | None:
    """Return the size of the choice of measures; None where the study asks for none, or none can be built."""
    chosen = [name for name, alternative in study.asked.alternatives.items() if alternative.portfolio]
    if study.asked.budget is None or not chosen:
        return None
    evaluator = Evaluator(study, intake.place, study.portfolio(chosen[0]), Engine(store, threads=1), intake.grid)
    try:
        return choosing.choice_size(evaluator, study.asked.budget)
    except PlanError:
        return None


def _title(study: OpenStudy, name: str) -> Phrase | str:
    """Return the title of an alternative with its name in the study file, which is where it is mended."""
    if name not in study.asked.alternatives:
        return Phrase("alternative.as_is", {}) if name == AS_IS else name
    title = {str(language): words for language, words in study.asked.alternatives[name].title.items()}
    return Phrase("plan.titled", {"title": title, "code": name})


def _alternative(study: OpenStudy, name: str) -> Phrase:
    return Phrase("study.of_alternative", {"title": _title(study, name)})


def _portfolios(study: OpenStudy) -> Mapping[str, Portfolio]:
    """Return the measures of each alternative; the state as it is where a study names none."""
    return {name: study.portfolio(name) for name in study.asked.alternatives} or {AS_IS: ()}


def planned(study: OpenStudy, intake: StudyIntake) -> tuple[Mapping[str, Plan], tuple[PlanError, ...]]:
    """Plan every alternative, and the band of its factors, before any runs; returns the plans and the errors."""
    settings = study.asked.uncertainty
    plans: dict[str, Plan] = {}
    problems: list[PlanError] = []
    for name, portfolio in _portfolios(study).items():
        try:
            plans[name] = plan(intake.place, study.models, portfolio, study.settings(intake.grid))
            if settings.factor_runs and (name in settings.alternatives or not settings.alternatives):
                refuse_few_runs(plans[name], study.settings(intake.grid), settings.factor_runs)
        except PlanError as fault:
            problems.append(
                StudyError("study.alternative", name=_alternative(study, name), why=Phrase(fault.text, fault.values))
            )
    return plans, tuple(problems)
