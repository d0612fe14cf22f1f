"""Learning: random edits are run through the models, and the changes of indicators and controls are kept in the store.

Outcomes are stored one by one, so that a stopped learning goes on where it was; values of models only on the full grid,
where they would not fit into memory.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.layer import digest
from citybraid.core.place import Place
from citybraid.integrate.learn.conformal import FEWEST, Band, Inputs, Surrogate
from citybraid.planning.control_table import control_table
from citybraid.planning.read_layers import control_layers, indicator_layers
from citybraid.planning.rows import controls, indicators
from citybraid.study.open.events import StageFinished, StageStarted, StepProgress
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.plan.required import required_steps
from citybraid.study.run.engine import Engine
from citybraid.study.run.preflight import Estimate, estimate, longest_table, refuse_if_too_large
from citybraid.study.whatif.at_once import AtOnce, model_of, row_by_row, warm_up, worked
from citybraid.study.whatif.bench import PARCELS, Bench
from citybraid.study.whatif.drawing import Ranges
from citybraid.study.whatif.edit import Edit
from citybraid.study.whatif.features import Features
from citybraid.study.whatif.placing import edited_place, placed, refuse_unbuildable
from citybraid.study.whatif.prepared import fitted, remember

VERSION = 2
"""Raised when edits, what is read from their runs, or records change."""
SAMPLE = 6
"""Raised when what an edit moves by itself changes: runs stay, and are learned from anew."""
LATEST = digest("what_if", "latest")
AREA, UNIT, PARCEL = "area/", "unit/", "parcel/"
"""Prefixes of columns: the whole area, the parcel's unit, and controls of the parcel."""
AGREEING = 1e-6
"""Relative difference up to which a change computed from the edit alone agrees with the runs [-]."""

ROUNDING = 1e-12
"""Share of a value up to which a change of it is rounding of its sum [-]."""
SUMS = ("area", "column_sum", "column_max", "column_max_above", "whole_number")
"""Statistics of controls that are no means over the parcel."""
State = Mapping[str, Any]
"""Indicators by zone, and computed value and limit of controls by parcel."""


@dataclass(frozen=True)
class Learned:
    """A sample of edits on a bench, the changes that their runs gave, and the state before any edit."""

    bench: Bench
    edits: tuple[Edit, ...]
    measures: tuple[str, ...]
    columns: tuple[str, ...]
    changes: NDArray[np.float64]
    state: State
    inputs: Inputs
    """What the edits of the sample move, and where."""
    exact: frozenset[str]
    """Columns whose change follows from the edit alone: every run of the sample agrees with what was computed."""
    work: Mapping[str, float]
    """Processor time of a Step of each model in the runs of the sample [s]."""
    keeps: bool = True
    """Whether its fits are kept in the store, from which they are read."""

    @cached_property
    def ranges(self) -> Ranges:
        """What edits were drawn from."""
        return Ranges(self.bench, self.measures)

    @cached_property
    def features(self) -> Features:
        """What edits move."""
        return Features(self.bench, self.measures)

    @cached_property
    def _surrogates(self) -> tuple[tuple[NDArray[np.bool_], Surrogate], ...]:
        """The changes, learned: means of units and ratios of parcels as sums over their area, which edits add to.

        Columns that the same edits have are learned together, from these edits; those that too few have are not.
        """
        sums = self.changes * np.array([self.weights(edit) for edit in self.edits])
        masks, which = np.unique(np.isfinite(sums), axis=1, return_inverse=True)
        surrogates = []
        for number, rows in enumerate(masks.T):
            columns = np.asarray(which == number, dtype=np.bool_)
            if rows.sum() >= FEWEST:
                inputs = Inputs(self.inputs.moved[rows], self.inputs.context[rows])
                surrogate = Surrogate(inputs, sums[np.ix_(rows, columns)], self.features.parts)
                surrogates.append((columns, fitted(self.bench.engine.store, surrogate) if self.keeps else surrogate))
        return tuple(surrogates)

    def band(self, edit: Edit) -> Band:
        """Return the change that an edit makes in every column, and its band; NaN where it was not learned."""
        inputs, weights = self.features([edit]), self.weights(edit)
        ends = np.full((len(Band._fields), len(self.columns)), np.nan)
        for columns, surrogate in self._surrogates:
            ends[:, columns] = surrogate.band(inputs)
        return Band(*(ends / weights))

    @cached_property
    def quick_work(self) -> Mapping[str, float]:
        """What a Step of each model takes [s], the rows that an edit leaves as they are being remembered."""
        remember(self.bench, row_by_row(self.bench, self.work) if self.work else ())
        return self.work

    def prepare(self) -> None:
        """Make what answers start from: what is kept is read, what is not is made and kept, which takes longer.

        What answers may run is run once for one edit of the sample, so that the first answer loads no kernel.
        """
        _ = self._surrogates, self.quick_work
        placing = [edit for edit in self.edits if edit.plans and edit.measures]
        warm_up(AtOnce(self.bench, (placing or self.edits)[0], self.work), self.columns)

    def weights(self, edit: Edit) -> NDArray[np.float64]:
        """Return by column the area [m2] that a value is the mean of: the parcel's, its unit's, 1 for a sum."""
        row = self.bench.parcel(edit.parcel)
        unit, area = float(self.bench.unit_areas.get(str(row["unit"]), 1.0)), float(row["area"])
        return np.array([area if _of_parcel(name) else unit if _of_unit(name) else 1.0 for name in self.columns])

    @cached_property
    def span(self) -> NDArray[np.float64]:
        """Range of each change over the sample and no edit at all."""
        most, least = np.nanmax(self.changes, axis=0), np.nanmin(self.changes, axis=0)
        return np.asarray(np.fmax(most, 0.0) - np.fmin(least, 0.0), dtype=np.float64)


def _of_unit(column: str) -> bool:
    return column.startswith(UNIT) and not indicators()[column.removeprefix(UNIT)].extensive


def _of_parcel(column: str) -> bool:
    if not column.startswith(PARCEL):
        return False
    reading = controls()[column.removeprefix(PARCEL)].reading
    return reading is not None and reading.statistic not in SUMS


def state_of(bench: Bench, place: Place, uses: Any) -> State:
    """Run the models of a Place under measures, and return its indicators and controls."""
    return _state_and_plan(bench, place, uses, bench.engine)[0]


def _state_and_plan(bench: Bench, place: Place, uses: Any, engine: Engine) -> tuple[State, Plan]:
    evaluator = bench.evaluator(place, uses, engine=engine)
    planned = evaluator.planned((), grid=bench.role)
    table = evaluator.indicators(planned, grid=bench.role).by_zone
    about = bench.study.asked.study
    reader = bench.evaluator(place, uses, PARCELS, engine=engine)
    rows = control_table(
        reader.read(planned, grid=bench.role), bench.study.book, region=about.region, year=about.year,
        targets=bench.study.control_targets,
    )  # fmt: skip
    rows = rows[rows["computed"].notna()]
    by_parcel: dict[str, dict[str, list[float]]] = {}
    for parcel, control, computed, limit in zip(
        rows["parcel"], rows["control"], rows["computed"], rows["limit"], strict=True
    ):
        by_parcel.setdefault(parcel, {})[control] = [float(computed), float(limit)]
    zones = {str(zone): {name: float(value) for name, value in row.items()} for zone, row in table.iterrows()}
    return {"zones": zones, "parcels": by_parcel}, planned


def values(state: State, parcel: str, unit: str) -> dict[str, float]:
    """Return the values of a state that an edit of a parcel is judged by, by column."""
    zones = state["zones"]
    values_found = {f"{AREA}{name}": value for name, value in zones[WHOLE_AREA].items()}
    values_found |= {f"{UNIT}{name}": value for name, value in zones.get(unit, {}).items()}
    return values_found | {f"{PARCEL}{name}": pair[0] for name, pair in state["parcels"].get(parcel, {}).items()}


def run_edit(bench: Bench, edit: Edit, *, stored: bool = True) -> dict[str, float]:
    """Run every model with an edit, note what each took, and return the values that the edit is judged by.

    Values of models are `stored`, or end with the run, as in a sample of many edits on a coarse grid.
    """
    refuse_unbuildable(bench, edit)
    engine = bench.engine if stored else bench.engine.drafting()
    place = edited_place(bench, edit, memory=engine.memory)
    state, planned = _state_and_plan(bench, place, (*bench.base, *placed(bench, edit)), engine)
    known, took = {step.key for step in bench.planned.steps}, dict[str, list[float]]()
    for step in planned.steps:
        seconds = None if step.key in known else worked(engine.store, step.key)
        if seconds is not None:
            took.setdefault(model_of(step), []).append(seconds)
    work = {model: sum(each) / len(each) for model, each in took.items()}
    bench.engine.store.note(_work_key(bench, edit), work)
    return values(state, edit.parcel, str(bench.parcel(edit.parcel)["unit"]))


def expected(bench: Bench, edits: tuple[Edit, ...]) -> Estimate:
    """Return the cost of the runs of edits: as often as the one that repeats most of a first few costs."""
    grid = bench.evaluator(bench.taken.place, bench.base).on(bench.role)
    store, rows = bench.engine.store, longest_table(bench.taken, bench.engine.store)
    known = {step.key for step in bench.planned.steps}
    dearest: Estimate | None = None
    for edit in edits[:4]:
        settings = bench.study.settings(grid)
        planned = plan(edited_place(bench, edit), bench.study.models, (*bench.base, *placed(bench, edit)), settings)
        read = (*indicator_layers(planned.place), *control_layers(planned.place))
        steps = [
            each for each in required_steps(planned.steps, *(layer.key for layer in read)) if each.key not in known
        ]
        cells = int(grid.shape[0] * grid.shape[1])
        cost = estimate(steps, None, cells=cells, rows=rows, threads=bench.engine.threads)
        if dearest is None or cost.seconds > dearest.seconds:
            dearest = cost
    once = estimate(bench.planned.steps, store, cells=0, rows=0, threads=1) if dearest is None else dearest
    times = left(bench, edits)
    return Estimate(once.steps * times, once.cells, once.mib, once.seconds * times, once.known, once.free_mib)


def left(bench: Bench, edits: tuple[Edit, ...]) -> int:
    """Return how many edits have still to be run."""
    return sum(bench.engine.store.noted(_key(bench, edit)) is None for edit in edits)


def learn(bench: Bench, count: int, seed: int, measures: tuple[str, ...] = ()) -> Learned:
    """Run random edits and keep the sample as the one that this alternative is judged by.

    Raises:
        StudyError: no parcel can be edited.
        CapacityError: a run does not fit this machine.
        Cancelled: the learning was stopped; what was run is kept.
    """
    edits = Ranges(bench, measures).draw(count, seed)
    refuse_if_too_large(expected(bench, edits))
    started, emit = time.perf_counter(), bench.engine.emit
    emit(StageStarted("what_if"))
    state = _before(bench, compute=True)
    for number, edit in enumerate(edits):
        if bench.engine.store.noted(_key(bench, edit)) is None:
            bench.engine.store.note(_key(bench, edit), run_edit(bench, edit, stored=bench.role == "full"))
        emit(StepProgress("what_if", (number + 1) / count))
    learned_now = _learned(bench, edits, measures, state)
    record = {
        "edits": count, "seed": seed, "measures": list(measures), "exact": sorted(learned_now.exact),
        "moved": learned_now.inputs.moved.tolist(), "context": learned_now.inputs.context.tolist(),
        "work": dict(learned_now.work),
    }  # fmt: skip
    bench.engine.store.note(_sample_key(bench), record)
    bench.engine.store.note(LATEST, {"role": bench.role, "alternative": bench.alternative})
    learned_now.prepare()
    emit(StageFinished("what_if", time.perf_counter() - started, count))
    return learned_now


def learned(bench: Bench) -> Learned:
    """Return the sample that was learned on a bench; raises StudyError where there is none, or it has become stale."""
    store = bench.engine.store
    record = store.noted(_sample_key(bench))
    if record is None:
        latest = store.noted(LATEST)
        same = latest is not None and latest["alternative"] == bench.alternative and latest["role"] == bench.role
        raise StudyError("what_if.stale" if same else "what_if.not_learned", alternative=bench.alternative)
    measures = tuple(record["measures"])
    edits = Ranges(bench, measures).draw(int(record["edits"]), int(record["seed"]))
    inputs = Inputs(np.array(record["moved"]), np.array(record["context"]))
    columns, changes = _changes(bench, edits, state := _before(bench, compute=False))
    exact, work = frozenset(record["exact"]), record.get("work", {})
    return Learned(bench, edits, measures, columns, changes, state, inputs, exact, work)


def sample_mark(bench: Bench) -> str:
    """Return what tells one sample of a bench from another, '' where there is none."""
    record = bench.engine.store.noted(_sample_key(bench))
    return "" if record is None else digest(record["edits"], record["seed"], record["measures"])


def _learned(bench: Bench, edits: tuple[Edit, ...], measures: tuple[str, ...], state: State) -> Learned:
    columns, changes = _changes(bench, edits, state)
    features = Features(bench, measures)
    exact = _agreeing(
        pd.DataFrame([features.computed(edit) for edit in edits]), pd.DataFrame(changes, columns=list(columns))
    )
    return Learned(bench, edits, measures, columns, changes, state, features(edits), exact, _work(bench, edits))


def _work(bench: Bench, edits: tuple[Edit, ...]) -> dict[str, float]:
    """Return the processor time of a Step of each model [s]: the median over the edits that changed its Steps."""
    took = pd.DataFrame([bench.engine.store.noted(_work_key(bench, edit)) or {} for edit in edits])
    return {str(model): float(seconds) for model, seconds in took.median().items()}


def _agreeing(computed: pd.DataFrame, run: pd.DataFrame) -> frozenset[str]:
    """Return the columns that every run agrees with, where both are known."""
    names = [str(name) for name in computed if name in run]
    both = {name: np.isfinite(run[name]) & np.isfinite(computed[name]) for name in names}
    return frozenset(
        name
        for name, known in both.items()
        if np.allclose(computed[name][known], run[name][known], rtol=AGREEING, atol=AGREEING)
    )


def _changes(bench: Bench, edits: tuple[Edit, ...], state: State) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the columns that some edit has, and the change that each edit's run gave."""
    columns = [f"{prefix}{name}" for prefix in (AREA, UNIT) for name in indicators()]
    columns += [f"{PARCEL}{name}" for name in controls()]
    rows = []
    for edit in edits:
        before = values(state, edit.parcel, str(bench.parcel(edit.parcel)["unit"]))
        after = bench.engine.store.noted(_key(bench, edit))
        if after is None:
            raise StudyError("what_if.stale", alternative=bench.alternative)
        rows.append([_change(before.get(name, np.nan), after.get(name, np.nan)) for name in columns])
    changes = np.array(rows, dtype=np.float64)
    some = np.asarray(np.isfinite(changes).any(axis=0), dtype=np.bool_)
    kept = tuple(name for name, known in zip(columns, some, strict=True) if known)
    return kept, changes[:, some]


def _change(before: float, after: float) -> float:
    """Return a change; what is rounding of the values themselves is none."""
    return 0.0 if abs(after - before) <= ROUNDING * max(abs(after), abs(before)) else after - before


def _before(bench: Bench, *, compute: bool) -> State:
    """Return the state before any edit, from the store where it is there."""
    key = digest("what_if.state", VERSION, bench.key)
    record = bench.engine.store.noted(key)
    if record is None:
        if not compute:
            raise StudyError("what_if.stale", alternative=bench.alternative)
        record = dict(state_of(bench, bench.taken.place, bench.base))
        bench.engine.store.note(key, record)
    return record


def _sample_key(bench: Bench) -> str:
    return digest("what_if.sample", VERSION, SAMPLE, bench.key)


def _work_key(bench: Bench, edit: Edit) -> str:
    return digest("what_if.work", _key(bench, edit))


def _key(bench: Bench, edit: Edit) -> str:
    versions = {name: bench.study.measures[name].version for name, _ in edit.measures}
    parameters = {name: dict(bench.study.asked.parameters.get(bench.study.measures[name].id, {})) for name in versions}
    return digest(
        "what_if.edit",
        VERSION,
        bench.key,
        edit.parcel,
        edit.land_use,
        edit.controls,
        edit.measures,
        versions,
        parameters,
    )
