"""Pipeline: study file to Run. Each stage returns its results; the last one combines them.

Intake, alternatives, effects of measures, the portfolio and its re-run, imputed values, uncertainty, evaluation.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from citybraid.core.errors import InputErrors, StudyError
from citybraid.core.evaluate import Portfolio
from citybraid.core.memory import libraries_at_rest
from citybraid.core.text import LANGUAGES, say
from citybraid.integrate.choose.abatement import abatement_curve
from citybraid.integrate.choose.programme import NOTHING
from citybraid.integrate.choose.worth import worth
from citybraid.integrate.learn.interactions import interactions
from citybraid.planning.chain import MissingLink, missing_links
from citybraid.planning.control_table import control_table
from citybraid.planning.failing import failing_parcels
from citybraid.planning.plausibility import compare
from citybraid.planning.rows import indicators, yearly_energy_bills, yearly_losses, yearly_totals
from citybraid.planning.scorecard import Target, scorecard
from citybraid.store.store import Store
from citybraid.study.open.budget import Budget
from citybraid.study.open.events import Emit, Noticed, StageFinished, StageStarted, quiet
from citybraid.study.open.open_study import OpenStudy, study_findings
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.plan.factor_band import BandRequest, FactorBand, factor_band
from citybraid.study.plan.foreign_factors import foreign_factors
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.run import imputing, records, tables
from citybraid.study.run.appraising import appraisal
from citybraid.study.run.backends.backend import Backend
from citybraid.study.run.choosing import Choice, choose, fixes
from citybraid.study.run.engine import Engine
from citybraid.study.run.ensemble import Ensemble, changes, ensemble
from citybraid.study.run.evaluation import Evaluator, ValueRuns
from citybraid.study.run.interplay.interactions import interaction_frames
from citybraid.study.run.interplay.sampling import Computed
from citybraid.study.run.last_run import run_digest
from citybraid.study.run.levels.frames import level_frames, unknown_floors, unknown_profiles
from citybraid.study.run.levels.parcel_money import parcel_money_frames
from citybraid.study.run.manifest import GridRecord, Manifest
from citybraid.study.run.outcome import (
    AlternativeResult,
    EvaluationResult,
    FailingParcels,
    Frames,
    ImputationResult,
    Outcome,
    PortfolioResult,
    RunContext,
    UncertaintyResult,
)
from citybraid.study.run.outlook.robust import robust_frames
from citybraid.study.run.parcel_effects import joint_effects
from citybraid.study.run.review.reviewing import reviews
from citybraid.study.run.run import Run, refuse_nonempty, write
from citybraid.study.run.serving import Ground, idle_measures, message, unbuilt_measures, weak_measures
from citybraid.study.run.versions import versions

AS_IS = "as_is"


@libraries_at_rest()
def run_study(
    study: OpenStudy,
    *,
    out: Path | None = None,
    store: Store | None = None,
    threads: int | None = None,
    emit: Emit = quiet,
    baseline_only: bool = False,
    backend: Backend | None = None,
) -> Run:
    """Run a study and return its Run; stored values are not computed again.

    `baseline_only` runs the alternatives without screening measures. Steps run on the `backend`, by default threads
    of this process. The run's folder is written atomically, so a killed run leaves no partial one.
    """
    parent = study.folder / "runs"
    if out is not None:
        refuse_nonempty(out)
    run_store = store or Store(study.folder / ".citybraid" / "store")
    engine = Engine(run_store, threads=threads, emit=emit, backend=backend)
    started = _start(emit, "intake")
    bench = RunContext(study, take_in_study(study, run_store, emit=emit), engine, emit)
    emit(StageFinished("intake", time.perf_counter() - started))
    key = (study, bench.taken.place, run_store)
    if unknown := [*unknown_profiles(*key), *unknown_floors(*key)]:
        raise InputErrors(unknown)
    idle = idle_measures(Ground.of(study, bench.taken.place, bench.taken.grid))
    _notice(bench, idle)
    outcome = _run_stages(bench, idle, baseline_only=baseline_only)
    run_basis = run_digest(study, bench.taken, baseline_only=baseline_only)
    manifest = _manifest(bench, outcome, (out or parent / "run").resolve(), run_basis=run_basis)
    folder = write(parent, out, manifest, outcome.frames)
    return Run.open(folder)


def _notice(bench: RunContext, links: Iterable[MissingLink]) -> None:
    for link in links:
        bench.emit(Noticed(message(bench.study, link)))


def _run_stages(bench: RunContext, idle: tuple[MissingLink, ...], *, baseline_only: bool) -> Outcome:
    """Run the stages one after another; `idle` are the measures that the plan alone shows not to serve an objective."""
    study = bench.study
    names = [name for name, alternative in study.asked.alternatives.items() if not alternative.portfolio]
    portfolios = [name for name, alternative in study.asked.alternatives.items() if alternative.portfolio]
    given = {name: study.portfolio(name) if names else () for name in names or [AS_IS]}
    ahead = _run_ahead(bench, given.values())
    plain = tuple(_run_alternative(bench, name, portfolio, ahead) for name, portfolio in given.items())
    budget = study.asked.budget
    choosing = portfolios and not baseline_only
    selected = _portfolio(bench, portfolios[0], budget, plain) if choosing and budget is not None else None
    alternatives = plain if selected is None else (*plain, selected.worked)
    ground = Ground.of(study, bench.taken.place, bench.taken.grid)
    evaluator = Evaluator(study, bench.taken.place, ground.base, bench.engine, bench.taken.grid)
    weak = weak_measures(evaluator, None if selected is None else selected.effects, idle)
    unbuilt = tuple(link for each in plain for link in unbuilt_measures(each.name, each.evaluator))
    _notice(bench, (*weak, *unbuilt))
    filled = _run_imputations(bench, alternatives)
    uncertain = replace(_run_ensembles(bench, alternatives), factor_bands=_run_factor_bands(bench, alternatives))
    evaluated = _evaluate(bench, alternatives, filled, selected)
    evaluated = replace(evaluated, chain=(*evaluated.chain, *idle, *weak, *unbuilt))
    joint = {} if baseline_only else _run_joint(bench, plain[0])
    interplay = {} if baseline_only else interaction_frames(plain[0].evaluator, study.asked.interactions, bench.emit)
    interplay |= tables.heat_loops({each.name: each.evaluator for each in alternatives})
    judged = {**appraisal(bench, alternatives), **reviews(bench, alternatives, evaluated)}
    levels = level_frames(bench, alternatives)
    return Outcome(alternatives, selected, filled, uncertain, evaluated, judged, joint, levels, interplay)


def _start(emit: Emit, stage: str, cells: int = 0) -> float:
    emit(StageStarted(stage, cells))
    return time.perf_counter()


def _run_ahead(bench: RunContext, portfolios: Iterable[Portfolio]) -> set[str]:
    """On several machines, run the Steps of all alternatives at once; returns the keys of those that ran.

    One alternative after another, as in this process, would leave most of a cluster idle. Loops are closed in their
    own alternative.
    """
    study, taken = bench.study, bench.taken
    if not bench.engine.backend.rooms or study.asked.couplings.heat_loop:
        return set()
    plans = [plan(taken.place, study.models, each, study.settings(taken.grid)) for each in portfolios]
    steps = {step.key: step for each in plans for step in each.steps}
    started = _start(bench.emit, "alternatives", cells=int(taken.grid.shape[0] * taken.grid.shape[1]))
    ran = set(bench.engine.run(tuple(steps.values())))
    bench.emit(StageFinished("alternatives", time.perf_counter() - started, len(ran)))
    return ran


def _run_alternative(
    bench: RunContext, name: str, portfolio: Portfolio, ahead: set[str] | None = None
) -> AlternativeResult:
    """Run an alternative; Steps that ran `ahead` count as run by the first that has them."""
    grid = bench.taken.grid
    evaluator = Evaluator(bench.study, bench.taken.place, portfolio, bench.engine, grid)
    started = _start(bench.emit, name, cells=int(grid.shape[0] * grid.shape[1]))
    planned = evaluator.planned((), grid="full")
    units = evaluator.indicators(planned, grid="full") if "units" in planned.place.layers else None
    controls = _controls(bench, evaluator, planned) if "parcels" in planned.place.layers else None
    ranges = None if units is None else _ranges(bench, evaluator, planned, units.by_zone)
    bench.emit(StageFinished(name, time.perf_counter() - started, evaluator.ran))
    if ahead:
        own = ahead & {step.key for step in planned.steps}
        evaluator.ran += len(own)
        ahead -= own
    return AlternativeResult(name, evaluator, planned, units, controls, ranges)


def _ranges(bench: RunContext, evaluator: Evaluator, planned: Plan, units: pd.DataFrame) -> pd.DataFrame:
    about = bench.study.asked.study
    zones = evaluator.read(planned, grid="full")
    return compare(zones, units, bench.study.book, region=about.region, year=about.year)


def _controls(bench: RunContext, evaluator: Evaluator, planned: Plan) -> pd.DataFrame:
    about = bench.study.asked.study
    reader = Evaluator(bench.study, evaluator.place, evaluator.base, bench.engine, evaluator.grid, "parcels")
    native = records.native_of(bench.taken, planned.steps)
    zones = replace(reader.read(planned, grid="full"), native=native)
    targets = bench.study.control_targets
    return control_table(
        zones, bench.study.book, region=about.region, year=about.year, targets=targets,
        completeness=bench.taken.completeness,
    )  # fmt: skip


def _portfolio(
    bench: RunContext, name: str, budget: Budget, plain: Sequence[AlternativeResult]
) -> PortfolioResult | None:
    """Select a portfolio; where no measure can be built in any unit, say so and go on without one."""
    try:
        return _select_portfolio(bench, name, budget, plain)
    except StudyError as fault:
        if fault.text != NOTHING:
            raise
        bench.emit(Noticed({language: fault.say(language) for language in LANGUAGES}))
        return None


def _select_portfolio(
    bench: RunContext, name: str, budget: Budget, plain: Sequence[AlternativeResult]
) -> PortfolioResult:
    """Choose measures within the budget and run the alternative with them."""
    base = bench.study.portfolio(name)
    evaluator = Evaluator(bench.study, bench.taken.place, base, bench.engine, bench.taken.grid)
    started = _start(bench.emit, "effects")
    computed = [Computed(each.evaluator.base, each.indicators.by_zone) for each in plain if each.indicators is not None]
    choice = choose(evaluator, budget, lambda _: None, computed)
    bench.emit(StageFinished("effects", time.perf_counter() - started, evaluator.ran))
    worked = _run_alternative(bench, name, (*base, *choice.members))
    before = next((each for each in (*plain, worked) if each.evaluator.base == base), None)
    failed = None
    if before is not None and before.controls is not None:
        first, ran = failing_parcels(before.controls), evaluator.ran
        started = _start(bench.emit, "fixes")
        sought = fixes(evaluator, budget, before.controls, [row.parcel for row in first])
        bench.emit(StageFinished("fixes", time.perf_counter() - started, evaluator.ran - ran))
        failed_frames = {
            "failing": tables.failing(first, before.controls), "fixes": tables.fixes(sought.by_control),
            "fix_measures": tables.fix_measures(sought),
        }  # fmt: skip
        failed = FailingParcels(before.name, failed_frames)
    explained = {**tables.why(bench.study, choice, budget), **parcel_money_frames(evaluator, choice, budget)}
    explained |= robust_frames(evaluator, choice, budget)
    frames = {**_effect_frames(choice), **explained, **({} if failed is None else failed.frames)}
    return PortfolioResult(records.choice_record(choice, bench.study, budget), worked, frames, failed, choice.effects)


def _effect_frames(choice: Choice) -> Frames:
    directions = {
        row.id: 1 if row.direction == "higher" else -1
        for row in indicators().values()
        if row.id in choice.effects.base and row.direction != "none"
    }
    frames = {
        "effects": tables.effects(choice), "adoption": choice.chosen.adoption, "installed": choice.chosen.installed,
        **tables.rounds(choice.settled), "grids": tables.grids(choice.settled.bases),
        "worth": worth(choice.effects, choice.prices.known, yearly_losses()),
    }  # fmt: skip
    totals = yearly_totals()
    known = [name for name in totals if name in choice.effects.base] or [*totals]
    for indicator in known[:1]:
        frames["abatement"] = abatement_curve(
            choice.effects, choice.prices.known, indicator, tonnes=totals[indicator], bills=yearly_energy_bills()
        )
    if choice.effects.pair:
        frames["interactions"] = interactions(choice.effects, directions=directions)
    if choice.front is not None:
        frames |= {"front": tables.front(choice.front), "front_members": tables.front_members(choice.front)}
    return frames


def _run_imputations(bench: RunContext, alternatives: Iterable[AlternativeResult]) -> ImputationResult:
    """Run the state as it is for every draw of imputed values; returns the uncertainty bands of its indicators."""
    as_is = [worked for worked in alternatives if not worked.evaluator.base and worked.indicators is not None]
    if not as_is or not bench.taken.draws:
        return ImputationResult()
    started = _start(bench.emit, "filled_values")
    drawn = imputing.run(bench.study, bench.taken, bench.engine)
    bands = {worked.name: imputing.bands(drawn, worked.evaluator, worked.planned, bench.taken) for worked in as_is}
    bench.emit(StageFinished("filled_values", time.perf_counter() - started, drawn.ran))
    return ImputationResult(drawn, bands)


def _run_ensembles(bench: RunContext, alternatives: Iterable[AlternativeResult]) -> UncertaintyResult:
    """Run the flood ensemble of every requested alternative; returns bands, Sobol indices and changes."""
    settings = bench.study.asked.uncertainty
    selected = {
        worked.name: worked
        for worked in alternatives
        if worked.name in settings.alternatives or not settings.alternatives
    }
    if not settings.runs or not selected:
        return UncertaintyResult()
    base = next((name for name, worked in selected.items() if not worked.evaluator.base), next(iter(selected)))
    drawn = {
        name: _run_ensemble(bench, selected[name]) for name in (base, *(each for each in selected if each != base))
    }
    computed = [name for name in drawn if drawn[name].frames]
    record = drawn[base].told.model_copy(update={"alternatives": tuple(computed or [base])})
    return UncertaintyResult(record, drawn, changes(drawn, base) if len(computed) > 1 and base in computed else None)


def _run_ensemble(bench: RunContext, worked: AlternativeResult) -> Ensemble:
    stage, evaluator = f"ensemble {worked.name}", worked.evaluator
    started = _start(bench.emit, stage)
    screened, before = evaluator.planned((), grid="screening", whole=True), evaluator.ran
    drawn = ensemble(bench.study, screened, worked.planned, bench.engine, evaluator.on("screening"))
    bench.emit(StageFinished(stage, time.perf_counter() - started, drawn.ran + evaluator.ran - before))
    return drawn


def _run_joint(bench: RunContext, worked: AlternativeResult) -> Frames:
    """Try the measures that the study asks for on single parcels of an alternative."""
    settings = bench.study.asked.synergy
    if not settings.measures:
        return {}
    started, before = _start(bench.emit, "synergy"), worked.evaluator.ran
    joint = joint_effects(worked.evaluator, settings)
    bench.emit(StageFinished("synergy", time.perf_counter() - started, worked.evaluator.ran - before))
    if joint is None:
        bench.emit(Noticed({language: say("synergy.no_corridors", language) for language in LANGUAGES}))
        return {}
    effects, placed = joint
    return {"joint_effects": effects, "joint_installed": placed}


def _run_factor_bands(bench: RunContext, alternatives: Iterable[AlternativeResult]) -> Mapping[str, FactorBand]:
    """Run the emission models of every requested alternative over the ranges of their factors."""
    settings, bands = bench.study.asked.uncertainty, {}
    for worked in alternatives if settings.factor_runs else ():
        if worked.name in settings.alternatives or not settings.alternatives:
            started = _start(bench.emit, f"factors {worked.name}")
            place, base, grid = worked.evaluator.place, worked.evaluator.base, worked.evaluator.grid
            request = BandRequest(
                place, base, bench.study.models, bench.study.settings(grid), settings.factor_runs, settings.seed
            )
            bands[worked.name] = factor_band(request, worked.planned, ValueRuns(bench.engine))
            elapsed = time.perf_counter() - started
            bench.emit(StageFinished(f"factors {worked.name}", elapsed, bands[worked.name].ran))
    return bands


def _evaluate(
    bench: RunContext,
    alternatives: Sequence[AlternativeResult],
    filled: ImputationResult,
    selected: PortfolioResult | None,
) -> EvaluationResult:
    """Evaluate results against the objectives, with the failing parcels where no measures were chosen."""
    targets = [
        Target(objective.id, objective.indicator, objective.target, objective.measures)
        for objective in bench.study.asked.objectives
    ]
    units = {worked.name: worked.indicators.by_zone for worked in alternatives if worked.indicators is not None}
    score = scorecard(targets, units, filled.bands, currency=bench.study.currency) if targets and units else None
    computed = {str(column) for table in units.values() for column in table}
    chain = missing_links(targets, bench.study.measures, computed)
    if selected is not None and selected.failed is not None:
        return EvaluationResult(chain, score, selected.failed)
    controls = {worked.name: worked.controls for worked in alternatives if worked.controls is not None}
    first = next((name for name in units if name in controls), None)
    if first is None:
        return EvaluationResult(chain, score, None)
    failing = tables.failing(failing_parcels(controls[first]), controls[first])
    return EvaluationResult(chain, score, FailingParcels(first, {"failing": failing}))


def _manifest(bench: RunContext, outcome: Outcome, folder: Path, *, run_basis: str) -> Manifest:
    """Assemble the manifest of a run; `run_basis` is the digest of everything that determines it."""
    study, intake, store = bench.study, bench.taken, bench.engine.store
    steps, alternatives = outcome.steps, outcome.alternatives
    titles = {
        name: {str(key): text for key, text in alternative.title.items()}
        for name, alternative in study.asked.alternatives.items()
    }
    default = {language: say("alternative.as_is", language) for language in LANGUAGES}
    region = study.asked.study.region
    by_key, rows = records.step_records(steps.values(), store)
    indicator_tables = {worked.name: worked.indicators for worked in alternatives if worked.indicators is not None}
    return Manifest(
        basis=run_basis,
        study=study.asked.study.model_copy(update={"currency": study.currency}),
        asked=study.asked,
        store=records.store_path(store, folder),
        grid=GridRecord.of(intake.grid),
        screening_grid=GridRecord.of(study.screening(intake.grid)),
        files=intake.files,
        findings=(*intake.findings, *study_findings(study), *foreign_factors(steps.values(), region)),
        problems=tuple(records.problem_record(problem) for problem in intake.problems),
        contradictions=intake.contradictions,
        mappings=intake.mappings,
        trust=intake.trust,
        homes=tuple(records.layer_record(layer) for layers in intake.place.layers.values() for layer in layers),
        completeness=intake.completeness,
        origin=intake.origin,
        native=records.native_of(intake, steps.values()),
        alternatives={
            worked.name: records.alternative_record(worked.planned, titles.get(worked.name, default))
            for worked in alternatives
        },
        steps=by_key,
        factors=rows,
        executed=outcome.executed,
        versions=versions(),
        partial={name: table.partial for name, table in indicator_tables.items()},
        lacking={name: table.lacking for name, table in indicator_tables.items()},
        imputation=imputing.record(intake, outcome.filled.drawn, study.asked.imputation.seed),
        uncertainty=outcome.uncertain.record,
        choice=None if outcome.selected is None else outcome.selected.record,
        chain=tuple(records.break_record(each) for each in outcome.evaluated.chain),
        failing_in=None if outcome.evaluated.failed is None else outcome.evaluated.failed.alternative,
    )
