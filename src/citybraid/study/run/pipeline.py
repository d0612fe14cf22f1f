"""Pipeline: study file to Run. Intake, alternatives, effects of measures, the portfolio and its re-run, tables."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import Portfolio
from citybraid.core.text import LANGUAGES, say
from citybraid.integrate.choose.verdict import rerun
from citybraid.integrate.learn.interactions import interactions
from citybraid.planning.chain import breaks
from citybraid.planning.control_table import control_table
from citybraid.planning.failing import failing_parcels
from citybraid.planning.rows import indicators
from citybraid.planning.scorecard import Target, scorecard
from citybraid.store.store import Store
from citybraid.study.open.events import Emit, StageFinished, StageStarted, quiet
from citybraid.study.open.opened import OpenStudy
from citybraid.study.open.taken import Taken, take
from citybraid.study.plan.homes import grid_record
from citybraid.study.plan.planner import Planned
from citybraid.study.run import imputing, manifest, tables
from citybraid.study.run.choosing import Choice, choose, fixes
from citybraid.study.run.engine import Engine
from citybraid.study.run.ensemble import Ensemble, changes, ensemble
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.run import Run, refuse_taken, write

AS_IS = "as_is"


@dataclass
class Work:
    """What a run has made so far."""

    study: OpenStudy
    taken: Taken
    engine: Engine
    emit: Emit
    evaluators: dict[str, Evaluator] = field(default_factory=dict)
    planned: dict[str, Planned] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    drawn: imputing.Drawn = field(default_factory=imputing.Drawn)
    drawn_damage: dict[str, Ensemble] = field(default_factory=dict)
    ran: int = 0


def run_study(
    study: OpenStudy,
    *,
    out: Path | None = None,
    store: Store | None = None,
    threads: int | None = None,
    emit: Emit = quiet,
    baseline_only: bool = False,
) -> Run:
    """Run a study and return its Run; what is stored already is not computed again.

    `baseline_only` runs the alternatives without screening measures. The run's folder
    appears whole or not at all, so a killed run leaves no half-told answer.
    """
    parent = study.folder / "runs"
    if out is not None:
        refuse_taken(out)
    kept = store or Store(study.folder / ".citybraid" / "store")
    engine = Engine(kept, threads=threads, emit=emit)
    started = _start(emit, "intake")
    work = Work(study, take(study, kept, emit=emit), engine, emit)
    emit(StageFinished("intake", time.perf_counter() - started, 0))
    names = [name for name, told in study.asked.alternatives.items() if not told.portfolio]
    chosen = [name for name, told in study.asked.alternatives.items() if told.portfolio]
    for name in names or [AS_IS]:
        _alternative(work, name, study.portfolio(name) if names else ())
    if study.asked.budget is not None and chosen and not baseline_only:
        _choice(work, chosen[0])
    _filled(work)
    _uncertain(work)
    _evaluation(work)
    folder = write(parent, out, _manifest(work, (out or parent / "run").resolve()), work.frames)
    return Run.open(folder)


def _start(emit: Emit, stage: str, cells: int = 0) -> float:
    emit(StageStarted(stage, cells))
    return time.perf_counter()


def _alternative(work: Work, name: str, portfolio: Portfolio) -> None:
    grid = work.taken.grid
    evaluator = Evaluator(work.study, work.taken.place, portfolio, work.engine, grid)
    started = _start(work.emit, name, cells=int(grid.shape[0] * grid.shape[1]))
    planned = evaluator.planned((), grid="full")
    work.evaluators[name], work.planned[name] = evaluator, planned
    if "units" in planned.place.layers:
        table = evaluator.indicators(planned, grid="full")
        work.frames[f"units/{name}"] = table.by_zone
        work.told.setdefault("partial", {})[name] = {key: list(parts) for key, parts in table.partial.items()}
        work.told.setdefault("lacking", {})[name] = dict(table.lacking)
    if "parcels" in planned.place.layers:
        work.frames[f"controls/{name}"] = _controls(work, evaluator, planned)
    work.emit(StageFinished(name, time.perf_counter() - started, evaluator.ran))


def _filled(work: Work) -> None:
    """Run the state as it is for every draw of filled values; keep what that leaves open of each indicator."""
    as_is = [name for name, made in work.evaluators.items() if not made.base and f"units/{name}" in work.frames]
    if as_is and work.taken.draws:
        started = _start(work.emit, "filled values")
        work.drawn = imputing.run(work.study, work.taken, work.engine)
        for name in as_is:
            found = imputing.bands(work.drawn, work.evaluators[name], work.planned[name], work.taken)
            work.frames[f"bands/{name}"] = found
        work.emit(StageFinished("filled values", time.perf_counter() - started, work.drawn.ran))
        work.ran += work.drawn.ran
    work.told["imputation"] = imputing.record(work.taken, work.drawn, work.study.asked.imputation.seed)


def _uncertain(work: Work) -> None:
    """Run the ensemble of floods on every alternative that the study asks for; keep bands, indices and changes."""
    asked = work.study.asked.uncertainty
    names = [name for name in work.evaluators if name in asked.alternatives or not asked.alternatives]
    if not asked.runs or not names:
        return
    base = next((name for name in names if not work.evaluators[name].base), names[0])
    for name in (base, *(each for each in names if each != base)):
        started, evaluator = _start(work.emit, f"ensemble {name}"), work.evaluators[name]
        screened, before = evaluator.planned((), grid="screening"), evaluator.ran
        found = ensemble(work.study, screened, work.planned[name], work.engine, evaluator.on("screening"))
        work.drawn_damage[name] = found
        work.frames |= {f"{table}/{name}": frame for table, frame in found.frames.items()}
        work.ran += found.ran
        work.emit(StageFinished(f"ensemble {name}", time.perf_counter() - started, found.ran + evaluator.ran - before))
    told = work.drawn_damage[base].told
    made = [name for name in work.drawn_damage if work.drawn_damage[name].frames]
    work.told["uncertainty"] = {**told, "alternatives": made or [base]}
    if len(made) > 1 and base in made:
        work.frames["uncertainty_change"] = changes(work.drawn_damage, base)


def _controls(work: Work, evaluator: Evaluator, planned: Planned) -> pd.DataFrame:
    about = work.study.asked.study
    reader = Evaluator(work.study, evaluator.place, evaluator.base, work.engine, evaluator.grid, "parcels")
    native = manifest.native_of(work.taken, planned.steps)
    zones = replace(reader.read(planned, grid="full"), native=native)
    return control_table(zones, work.study.book, region=about.region, year=about.year)


def _choice(work: Work, name: str) -> None:
    budget = work.study.asked.budget
    if budget is None:
        raise StudyError("study.no_zones", table="budget")
    base = work.study.portfolio(name)
    evaluator = Evaluator(work.study, work.taken.place, base, work.engine, work.taken.grid)
    started = _start(work.emit, "effects")
    choice = choose(evaluator, budget, lambda _: None)
    work.emit(StageFinished("effects", time.perf_counter() - started, evaluator.ran))
    _alternative(work, name, (*base, *choice.members))
    work.frames["rerun"] = rerun(evaluator, choice.members, choice.chosen)
    before = next((each for each, made in work.evaluators.items() if made.base == base), None)
    if before is not None and f"controls/{before}" in work.frames:
        controls = work.frames[f"controls/{before}"]
        first = failing_parcels(controls)
        found = fixes(evaluator, choice, controls, [row.parcel for row in first])
        work.frames["failing"] = tables.failing(first, controls)
        work.frames["fixes"] = tables.fixes(found)
        work.told["failing_in"] = before
    _keep(work, evaluator, choice)


def _keep(work: Work, evaluator: Evaluator, choice: Choice) -> None:
    directions = {
        row.id: 1 if row.direction == "higher" else -1
        for row in indicators().values()
        if row.id in choice.effects.base and row.direction != "none"
    }
    work.frames["effects"] = tables.effects(choice)
    if choice.effects.pair:
        work.frames["interactions"] = interactions(choice.effects, directions=directions)
    work.frames["adoption"], work.frames["installed"] = choice.chosen.adoption, choice.chosen.installed
    work.frames["grids"] = tables.grids(evaluator)
    if choice.front is not None:
        work.frames["front"] = tables.front(choice.front)
    work.told["choice"] = tables.choice(choice, work.study)


def _evaluation(work: Work) -> None:
    targets = [Target(told.id, told.indicator, told.target, told.measures) for told in work.study.asked.objectives]
    units = {name: work.frames[f"units/{name}"] for name in work.planned if f"units/{name}" in work.frames}
    if targets and units:
        bands = {name: work.frames[f"bands/{name}"] for name in units if f"bands/{name}" in work.frames}
        work.frames["scorecard"] = scorecard(targets, units, bands)
    computed = {str(column) for table in units.values() for column in table}
    work.told["chain"] = [each._asdict() for each in breaks(targets, work.study.measures, computed)]
    first = next((name for name in units if f"controls/{name}" in work.frames), None)
    if "failing" not in work.frames and first is not None:
        controls = work.frames[f"controls/{first}"]
        work.frames["failing"] = tables.failing(failing_parcels(controls), controls)
        work.told["failing_in"] = first


def _manifest(work: Work, folder: Path) -> Mapping[str, Any]:
    study, steps = work.study, {step.key: step for planned in work.planned.values() for step in planned.steps}
    steps |= work.drawn.steps
    for made in work.drawn_damage.values():
        steps |= made.steps
    titles = {
        name: {str(key): text for key, text in told.title.items()} for name, told in study.asked.alternatives.items()
    }
    default = {language: say("alternative.as_is", language) for language in LANGUAGES}
    by_key, rows = manifest.step_records(steps.values(), work.engine.store)
    store = work.engine.store.folder.resolve()
    here = folder.resolve()
    above = here.parent.parent
    relative = store.relative_to(above) if above in store.parents else None
    return {
        "study": study.asked.study.model_dump(mode="json"),
        "asked": study.asked.model_dump(mode="json"),
        "store": f"../../{relative.as_posix()}" if relative else store.as_posix(),
        "grid": grid_record(work.taken.grid),
        "screening_grid": grid_record(study.screening(work.taken.grid)),
        "files": dict(work.taken.files),
        "findings": [asdict(finding) for finding in work.taken.findings],
        "problems": [problem.record() for problem in work.taken.problems],
        "contradictions": [asdict(each) for each in work.taken.contradictions],
        "mappings": [asdict(each) for each in work.taken.mappings],
        "trust": [asdict(each) for each in work.taken.trust],
        "homes": [manifest.layer_record(layer) for found in work.taken.place.layers.values() for layer in found],
        "completeness": dict(work.taken.completeness),
        "origin": {name: list(names) for name, names in work.taken.origin.items()},
        "native": manifest.native_of(work.taken, steps.values()),
        "alternatives": {
            name: manifest.alternative_record(planned, titles.get(name, default))
            for name, planned in work.planned.items()
        },
        "steps": by_key,
        "factors": rows,
        "executed": sum(made.ran for made in work.evaluators.values()) + work.ran,
        "versions": manifest.versions(),
        **work.told,
    }
