"""Pre-flight: estimates cells, memory and run time before the work starts; refuses where memory is insufficient."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from citybraid.core.catalogue import band_design, declared, ensemble_design
from citybraid.core.errors import CapacityError
from citybraid.core.layer import Layer
from citybraid.core.memory import MIB, free_mib
from citybraid.core.precondition import Kept
from citybraid.core.rows.report import ExtraCost, ModelCost
from citybraid.core.step import Step
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.integrate.couplings.heat_loop import HEAT_LOOP
from citybraid.integrate.learn.designs import cube, fraction
from citybraid.kernels.compiled import modules_compiled
from citybraid.store.store import Store
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.study_intake import StudyIntake
from citybraid.study.plan.planner import Plan
from citybraid.study.plan.varied_factors import sources as factor_groups
from citybraid.study.run.backends.bands import bands_of
from citybraid.study.run.backends.sweeps import sweeps_of
from citybraid.study.run.backends.tiles import SIDE, WHOLE_CELLS, local_tiling
from citybraid.study.run.backends.workplace import CACHE_BYTES, WORKER_CACHE_BYTES

MEMORY_SHARE = 0.85
"""Share of the available memory that a run may use [-]."""


PROCESS_MIB = 380.0
"""Memory of the program and its libraries, which it has before it starts [MiB]."""
CLASS_BYTES, FLOAT_BYTES = 1, 8
"""Memory of a cell: files of classes have one byte, models compute in double precision [byte]."""
USUAL_ROUNDS = 3
"""Rounds in which the heat loop of a compact quarter comes to rest."""
START_SECONDS = 5.0
"""Time of the program beside its Steps: imports, the worker that reads files, planning [s]."""
STEP_SECONDS = 0.02
"""Time of any Step beside its model: reading, checks, storing [s]."""
REPORT_SECONDS, REPORT_ALTERNATIVE, REPORT_ROW = 3.0, 6.0, 6e-4
"""Time of a report in two languages: its start, for each alternative, and for each row of the longest table in each.

Fitted to recorded runs of pilots (docs/explanation/scale.md) [s].
"""


RUN_MIB, RUN_MIB_PER_STEP, RUN_MIB_MOST = 250.0, 1.5, 900.0
"""Memory of a whole run beside that of its Steps: libraries of the report, and for each Step what is remembered and
drawn of it, up to a bound. Fitted to recorded runs of pilots (docs/explanation/scale.md) [MiB].
"""
RUN_MIB_PER_ROW, COMPILER_MIB = 0.0104, 6.5
"""Memory of a report for each row of the longest table that it draws, and of the compiler for each second that kernels
take; fitted to the same runs [MiB].
"""


@dataclass(frozen=True)
class Cost:
    """Measured cost of a model: seconds per grid cell and per table row, bytes per cell, and for each raster it reads.

    `mib` is what it takes whatever the grid [MiB], `kept` bytes per cell for each raster of a moment that it keeps.
    Its `kernels`, a module, take so long to `compile` once on a machine, with those that they call [s]. A model that
    sweeps over its grid again and again takes the time of an `update` at each cell and sweep [s].
    """

    seconds_per_cell: float
    seconds_per_row: float
    bytes_per_cell: float
    bytes_per_input: float = 0.0
    mib: float = 0.0
    kept: float = 0.0
    kernels: str = ""
    compile: float = 0.0
    update: float = 0.0
    bytes_per_row: float = 0.0

    def seconds(self, cells: int, rows: int, sweeps: float = 0.0) -> float:
        """Return the time on so many cells and rows, with so many sweeps over the cells [s]."""
        return (self.seconds_per_cell + self.update * sweeps) * cells + self.seconds_per_row * rows

    def bytes(self, step: Step) -> float:
        """Return the memory per cell of a Step of this model [byte]."""
        moments = kept_by(step) if self.kept else 0
        return self.bytes_per_cell + self.bytes_per_input * len(_distinct(_read(step))) + self.kept * moments


@dataclass(frozen=True)
class Estimate:
    """Estimated size of a run. `known` is the share of Steps whose model has a measured cost.

    `mib` is the memory of so many `processes` together.
    `rounds` is what choosing measures again takes at most, which comes on top [s]; `report` the time of the report,
    which is among the `seconds`, and so is `compile`, the time for kernels that this machine has not compiled yet.
    """

    steps: int
    cells: int
    mib: float
    seconds: float
    known: float
    free_mib: float | None
    processes: int = 1
    rounds: float = 0.0
    report: float = 0.0
    compile: float = 0.0

    @property
    def unmeasured(self) -> int:
        """Number of Steps whose model has no measured cost: their time comes on top."""
        return round(self.steps * (1.0 - self.known))


@dataclass(frozen=True)
class EnsembleSize:
    """Size of the requested ensemble: quantity, runs, cells, and alternatives."""

    quantity: str
    runs: int
    cells: int
    alternatives: tuple[str, ...] = ()

    @classmethod
    def of(cls, study: OpenStudy, intake: StudyIntake) -> "EnsembleSize | None":
        """Return the ensemble of a study, None where it requests none; no alternative named means all."""
        settings, grid, design = study.asked.uncertainty, study.screening(intake.grid), ensemble_design()
        if design is None or not settings.runs:
            return None
        return cls(design.quantity.name, settings.runs, int(grid.shape[0] * grid.shape[1]), settings.alternatives)


@dataclass(frozen=True)
class BandSize:
    """Size of the requested band from factors: quantity, runs without the probes of single factors, alternatives."""

    quantity: str
    runs: int
    alternatives: tuple[str, ...] = ()

    @classmethod
    def of(cls, study: OpenStudy) -> "BandSize | None":
        """Return the band of a study, None where it requests none; no alternative named means all."""
        settings, design = study.asked.uncertainty, band_design()
        if design is None or not settings.factor_runs:
            return None
        return cls(design.quantity.name, settings.factor_runs, settings.alternatives)


@dataclass(frozen=True)
class InteractionSize:
    """Size of the requested interactions: runs of all strands, and cells. `triples` and traces are counted in full."""

    runs: int
    cells: int

    @classmethod
    def of(cls, study: OpenStudy, intake: StudyIntake) -> "InteractionSize | None":
        """Return the runs that a study asks for at most, None where it asks for none."""
        settings = study.asked.interactions
        if not settings.measures:
            return None
        design = fraction(settings.measures, resolution=settings.resolution)
        count, grid = len(settings.measures), intake.grid if settings.grid == "full" else study.screening(intake.grid)
        cubes = len({subset for triple in design.terms(3)[: settings.triples] for subset in cube(triple)})
        traced = 1 + count + len(design.terms(2))
        spilled = 2 * count if settings.spill_over else 0
        runs = settings.replicates * (len(design.runs) + cubes) + traced + spilled
        return cls(runs, int(grid.shape[0] * grid.shape[1]))


@dataclass(frozen=True)
class FixSize:
    """What the search for fixes of parcels runs: the Steps of the candidates on both grids, and their repeats.

    All priced measures are so many times the candidates, the `others` so many: on the screening grid those of the
    candidates are run before.
    """

    full: tuple[Step, ...]
    screening: tuple[Step, ...]
    repeats: float
    others: float


@dataclass(frozen=True)
class ChoiceSize:
    """What a choice of measures runs: candidates alone and in pairs on the screening grid, the portfolio, and fixes.

    `alone` are Steps with their keys, `pairs` stand for as many Steps whose keys only plans of pairs would tell,
    `chosen` for those of a portfolio on the full grid; `cells` are those of the screening grid. It is chosen in
    `rounds` at most; before each but the first, so many portfolios at most are `tried` on the screening grid.
    """

    alone: tuple[Step, ...]
    pairs: tuple[Step, ...]
    chosen: tuple[Step, ...]
    cells: int
    rounds: int
    tried: int
    fixes: FixSize

    @property
    def steps(self) -> tuple[Step, ...]:
        """All Steps of it."""
        return (*self.alone, *self.pairs, *self.chosen, *self.fixes.full, *self.fixes.screening)


Told = Callable[..., Estimate]
"""Estimates Steps on so many cells; rows, threads and sweeps are set."""


@cached_with_tables
def costs() -> Mapping[str, Cost]:
    """Return the measured costs by model id."""
    estimates = {
        row.model: Cost(
            row.seconds_per_cell, row.seconds_per_row, row.bytes_per_cell, row.bytes_per_input or 0.0, row.mib or 0.0
        )
        for row in read_table(ModelCost)
    }
    for extra in read_table(ExtraCost):
        estimates[extra.model] = replace(
            estimates[extra.model], kept=extra.bytes_per_kept, kernels=extra.kernels, compile=extra.compile_seconds,
            update=extra.seconds_per_update, bytes_per_row=extra.bytes_per_row,
        )  # fmt: skip
    return estimates


@cache
def _kept() -> Mapping[str, Kept]:
    return {each.model.id: each for each in declared(Kept)}


def kept_by(step: Step) -> int:
    """Return how many rasters of moments a Step keeps, as its strand declares."""
    declaration = _kept().get(step.model.id)
    return 0 if declaration is None or "p" not in step.extra else declaration.count(step.extra["p"])


def compile_seconds(steps: Iterable[Step], compiled: Collection[str]) -> float:
    """Return the time to compile the kernels of Steps [s], but those of modules that are `compiled`."""
    named = {step.model.id: costs()[step.model.id] for step in steps if step.model.id in costs()}
    return sum(cost.compile for cost in named.values() if cost.kernels not in compiled)


def step_seconds(step: Step, *, cells: int, rows: int, sweeps: Mapping[str, float], cost: Cost) -> float:
    """Return the time of a Step's model [s]; on a grid of other cells, sweeps follow their width."""
    count = sweeps.get(step.key, 0.0)
    if count:
        own = max(out.grid.shape[0] * out.grid.shape[1] for out in step.outs if out.grid is not None)
        count *= math.sqrt(cells / own)
    return cost.seconds(cells, rows, count)


def estimate(
    steps: Iterable[Step], store: Store | None, *, cells: int, rows: int, threads: int, workers: int = 0,
    sweeps: Mapping[str, float] | None = None,
) -> Estimate:  # fmt: skip
    """Return the cost of the Steps that are not stored yet (without a store: all) for these cells, rows and threads.

    On so many `workers` of a cluster, each of these threads, the memory is that of one of them. `sweeps` tells how
    often Steps go over their grid; where it is not given, it follows from the Steps and the store alone.
    """
    todo = [step for step in steps if store is None or not all(store.has(out.key) for out in step.outs)]
    counts = sweeps_of(todo, store) if sweeps is None else sweeps
    known = [(step, costs()[step.model.id]) for step in todo if step.model.id in costs()]
    seconds = [
        step_seconds(step, cells=cells, rows=rows, sweeps=counts, cost=cost) + STEP_SECONDS for step, cost in known
    ]
    longest = max(seconds, default=0.0)
    return Estimate(
        steps=len(todo), cells=cells, mib=PROCESS_MIB + memory_bytes(todo, cells, threads, workers, rows) / MIB,
        seconds=max(sum(seconds) / max(threads, 1), longest),
        known=len(known) / len(todo) if todo else 1.0, free_mib=free_mib(),
    )  # fmt: skip


def memory_bytes(steps: Sequence[Step], cells: int, threads: int, workers: int = 0, rows: int = 0) -> float:
    """Return the memory of Steps that run on so many threads, beside that of the process [byte].

    Rasters are kept for later Steps up to the bound of the cache; those of the Steps that run come on top, and what
    their models need beside them: on a large grid, local models need that for a tile only. Beside the widest Step run
    usual ones: two of the widest seldom meet. Hours of a year of each row are held once. A worker of a cluster holds of
    a divided Step the rows of a band, or one raster while it joins them, and keeps its share of what is joined.
    """
    held = [_held(step, cells, divided=workers > 0) for step in steps]
    beside = sorted((need for _, need in held), reverse=True)
    others = min(threads, len(held)) - 1
    usual = others * sum(beside[1:]) / len(beside[1:]) if others > 0 else 0.0
    own = sum(sorted((own for own, _ in held), reverse=True)[:threads])
    whole = (layer for step in steps for layer in (_rasters(step) if not _divided(step, workers) else ()))
    made = (layer for step in steps for layer in (_distinct(step.outs) if _divided(step, workers) else ()))
    kept = _bytes(_distinct(whole)) * cells + _bytes(_distinct(made)) * cells / max(workers, 1)
    known = {step.model.id: costs()[step.model.id] for step in steps if step.model.id in costs()}
    fixed = sum(cost.mib for cost in known.values())
    tables = max((cost.bytes_per_row for cost in known.values()), default=0.0) * rows
    cache = WORKER_CACHE_BYTES if workers else CACHE_BYTES
    return min(kept, cache + own) + sum(beside[:1]) + usual + fixed * MIB + tables


def _held(step: Step, cells: int, *, divided: bool) -> tuple[float, float]:
    """Return the memory of a Step's rasters, and what its model needs beside them [byte]."""
    cost = costs().get(step.model.id)
    own = _bytes(_rasters(step))
    beside = 0.0 if cost is None else max(cost.bytes(step) - own, 0.0)
    local = step.model.reach is not None and step.model.reach_with(step.extra) is not None
    needed = beside * (SIDE**2 if local and cells > WHOLE_CELLS else cells)
    if divided and (tiling := local_tiling(step)) is not None and bands_of(step):
        rows = max(part.stop - part.start for part in map(tiling.around, tiling.bands))
        return max(own * rows / tiling.shape[0], *map(_cell_bytes, step.outs)) * cells, needed
    return own * cells, needed


def _divided(step: Step, workers: int) -> bool:
    return workers > 0 and bool(bands_of(step))


def _read(step: Step) -> Iterator[Layer]:
    return (layer for layers in step.reads.values() for layer in layers.values())


def _rasters(step: Step) -> list[Layer]:
    return _distinct((*_read(step), *step.outs))


def _distinct(layers: Iterable[Layer]) -> list[Layer]:
    return list({layer.key: layer for layer in layers if layer.grid is not None}.values())


def _bytes(layers: Iterable[Layer]) -> int:
    return sum(map(_cell_bytes, layers))


def _cell_bytes(layer: Layer) -> int:
    return CLASS_BYTES if layer.var.kind == "int" else FLOAT_BYTES


def expected_cost(
    plans: Mapping[str, Plan],
    intake: StudyIntake,
    store: Store,
    *,
    threads: int,
    workers: int = 0,
    draws: Iterable[Plan] = (),
    ensemble: EnsembleSize | None = None,
    band: BandSize | None = None,
    interactions: InteractionSize | None = None,
    heat_loop: bool = False,
    choice: ChoiceSize | None = None,
) -> Estimate:
    """Return the cost of the plans of all alternatives, imputation draws, an ensemble, a band, interactions, a loop.

    And of a choice of measures: pairs, portfolio and fixes count where a candidate is yet to be run; where all are
    stored, so are most likely they.

    Shared Steps count once. Probes of single factors count as if each repeated every Step that reads a factor: the
    cost of a band is at most that. Runs of interactions count as if each repeated every Step of the first alternative,
    and a closed heat loop as USUAL_ROUNDS of both its halves in each alternative.
    """
    steps = {step.key: step for planned in (*plans.values(), *draws) for step in planned.steps}
    cells = int(intake.grid.shape[0] * intake.grid.shape[1])
    rows = longest_table(intake, store)
    sweeps = sweeps_of((*steps.values(), *(() if choice is None else choice.steps)), store)
    estimate_of = partial(estimate, rows=rows, threads=threads, sweeps=sweeps)
    total = estimate_of(steps.values(), store, cells=cells, workers=workers)
    if total.steps:
        todo = (step for step in steps.values() if not all(store.has(out.key) for out in step.outs))
        compiling = compile_seconds(todo, modules_compiled())
        total = replace(total, seconds=total.seconds + START_SECONDS + compiling, compile=compiling)
    if band is not None:
        total = _with_band(total, plans, band, estimate_of, cells=cells)
    if heat_loop:
        total = _with_loop(total, plans, estimate_of, cells=cells)
    if choice is not None:
        total = _with_choice(total, choice, store, partial(estimate_of, workers=workers), cells=cells)
    if interactions is not None and plans:
        every = next(iter(plans.values())).steps
        per_run = estimate_of(every, None, cells=interactions.cells)
        seconds = total.seconds + interactions.runs * per_run.seconds
        total = replace(total, steps=total.steps + interactions.runs * per_run.steps, seconds=seconds)
    if ensemble is None:
        return total
    repeated = {
        step.key: step
        for name, planned in plans.items()
        if name in ensemble.alternatives or not ensemble.alternatives
        for step in _upstream(planned.steps, ensemble.quantity)
    }
    per_run = estimate_of(repeated.values(), None, cells=ensemble.cells)
    seconds = total.seconds + ensemble.runs * per_run.seconds
    return replace(total, steps=total.steps + ensemble.runs * per_run.steps, seconds=seconds)


def _with_choice(total: Estimate, choice: ChoiceSize, store: Store, estimate_of: Told, *, cells: int) -> Estimate:
    """Return the cost with that of a choice of measures; its memory is that of a plan of all candidates.

    Fixes of parcels count as often as there are priced measures; later rounds are told apart.
    """
    parts, rounds = [estimate_of(choice.alone, store, cells=choice.cells)], 0.0
    if parts[0].steps:
        parts.append(estimate_of(choice.pairs, None, cells=choice.cells))
        parts.append(estimate_of(choice.chosen, None, cells=cells))
        tried = estimate_of(choice.chosen, None, cells=choice.cells)
        rounds = (choice.rounds - 1) * (parts[-1].seconds + choice.tried * tried.seconds)
        fixes = choice.fixes
        for cost, size, repeats in (
            (fixes.full, cells, fixes.repeats), (fixes.screening, choice.cells, fixes.others)
        ):  # fmt: skip
            part = estimate_of(cost, None, cells=size)
            parts.append(replace(part, steps=round(part.steps * repeats), seconds=part.seconds * repeats))
    steps = total.steps + sum(each.steps for each in parts)
    known = total.known * total.steps + sum(each.known * each.steps for each in parts)
    return replace(
        total, steps=steps, seconds=total.seconds + sum(each.seconds for each in parts), rounds=rounds,
        mib=max(total.mib, *(each.mib for each in parts)), known=known / steps if steps else 1.0,
    )  # fmt: skip


def with_report(total: Estimate, alternatives: int, rows: int = 0) -> Estimate:
    """Return the cost with that of the report, which grows with alternatives and with rows of the longest table."""
    seconds = REPORT_SECONDS + alternatives * (REPORT_ALTERNATIVE + REPORT_ROW * rows)
    mib = total.mib + RUN_MIB + min(RUN_MIB_PER_STEP * total.steps, RUN_MIB_MOST)
    mib += RUN_MIB_PER_ROW * rows + COMPILER_MIB * total.compile
    return replace(total, seconds=total.seconds + seconds, report=seconds, mib=mib)


def _with_loop(total: Estimate, plans: Mapping[str, Plan], estimate_of: Told, *, cells: int) -> Estimate:
    """Return the cost with the rounds of the heat loop in each alternative."""
    for planned in plans.values():
        names = (HEAT_LOOP.released.name, HEAT_LOOP.air.name)
        halves = {step.key: step for name in names for step in _upstream(planned.steps, name)}
        per_round = estimate_of(halves.values(), None, cells=cells)
        seconds = total.seconds + USUAL_ROUNDS * per_round.seconds
        total = replace(total, steps=total.steps + USUAL_ROUNDS * per_round.steps, seconds=seconds)
    return total


def _with_band(
    total: Estimate, plans: Mapping[str, Plan], band: BandSize, estimate_of: Told, *, cells: int
) -> Estimate:  # fmt: skip
    """Return the cost with the runs of a band and a probe for each group of factors behind its quantity."""
    for name, planned in plans.items():
        if band.alternatives and name not in band.alternatives:
            continue
        behind = tuple(_upstream(planned.steps, band.quantity))
        per_run = estimate_of(behind, None, cells=cells)
        repeats = band.runs + len(factor_groups(behind, {}))
        seconds = total.seconds + repeats * per_run.seconds
        total = replace(total, steps=total.steps + repeats * per_run.steps, seconds=seconds)
    return total


def longest_table(intake: StudyIntake, store: Store) -> int:
    """Return the number of rows of the longest input table."""
    tables = [layers[0] for name, layers in intake.place.layers.items() if layers[0].var.on == name]
    return max((len(store.get(layer.key)) for layer in tables), default=0)


def _upstream(steps: Iterable[Step], quantity: str) -> Iterator[Step]:
    """Yield, last first, the Steps that a quantity depends on: those that each ensemble run repeats."""
    keys = set[str]()
    for step in reversed(tuple(steps)):
        if any(out.var.name == quantity or out.key in keys for out in step.outs):
            keys |= {layer.key for layers in step.reads.values() for layer in layers.values()}
            yield step


def refuse_if_too_large(needed: Estimate) -> None:
    """Raise CapacityError, with the numbers, where the available memory is insufficient."""
    if needed.free_mib is not None and needed.mib - needed.processes * PROCESS_MIB > MEMORY_SHARE * needed.free_mib:
        raise CapacityError(
            "preflight.memory", needs=round(needed.mib), free=round(needed.free_mib), cells=needed.cells
        )
