"""Values after an edit whose models are quick: they are run while one waits, and need no band."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.step import Step
from citybraid.planning.control_table import computed_controls
from citybraid.planning.read_layers import control_layers, indicator_layers
from citybraid.planning.rows import indicators, with_parts
from citybraid.planning.unit_table import unit_table
from citybraid.store.store import Store
from citybraid.study.plan.planner import Plan
from citybraid.study.plan.required import required_steps
from citybraid.study.run.backends.sweeps import sweeps_of
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.preflight import costs, estimate
from citybraid.study.whatif.bench import PARCELS, Bench
from citybraid.study.whatif.edit import Edit
from citybraid.study.whatif.placing import edited_place, placed

ALLOWED = 0.7
"""Time of models that one answer may take, by their measured costs; 0.2 s of planning and reading come on top [s]."""
PARALLEL = 2
"""Threads by which the time of models is divided, at most: energy and heat follow one another, floods go beside [-]."""
HANDLING = 0.01
"""Seconds that a Step takes beside its model: inputs read and checked, values stored [s]."""
WAITING = 0.002
"""Seconds between a Step and the next: handed to a thread, and its end waited for [s]."""
STARTS = 2
"""Dearest Steps that are tried first, each in turn, where the best for their time leave values out [-]."""
PARCEL = "parcel"


REMEMBERING = 0.1
"""Seconds from which the buildings of a model that goes row by row are remembered beforehand [s]."""


@dataclass(frozen=True)
class AtOnce:
    """The models of an edit on a bench, and which of them fit into the time of an answer.

    `work` are processor seconds of a Step by model, as the runs of a sample took them; other models cost what their
    table says. `fresh`: no Step counts as stored.
    """

    bench: Bench
    edit: Edit
    work: Mapping[str, float] = field(default_factory=dict)
    fresh: bool = False

    @cached_property
    def engine(self) -> Engine:
        """An engine that keeps what it runs in memory alone."""
        return self.bench.engine.drafting()

    @cached_property
    def evaluator(self) -> Evaluator:
        """The models of the alternative with the edit."""
        uses = (*self.bench.base, *placed(self.bench, self.edit))
        place = edited_place(self.bench, self.edit, memory=self.engine.memory)
        return self.bench.evaluator(place, uses, engine=self.engine)

    @cached_property
    def planned(self) -> Plan:
        """The alternative with the edit, planned."""
        return self.evaluator.plan((), grid=self.bench.role)

    @cached_property
    def seconds(self) -> Mapping[str, float]:
        """Measured cost of each Step of the edit [s] by key; 0 for one that is stored, infinite where it is unknown."""
        store, seconds_by_name = self.bench.engine.store, {}
        known = {step.key for step in self.bench.planned.steps}
        for step in self.planned.steps:
            stored = not self.fresh and all(store.has(out.key) for out in step.outs)
            new = step.key not in known and not stored
            seconds_by_name[step.key] = self._seconds(step) if new else 0.0
        return seconds_by_name

    @cached_property
    def sweeps(self) -> Mapping[str, float]:
        """How often Steps of the edit go over their grid."""
        return sweeps_of(self.planned.steps, self.bench.engine.store)

    def _seconds(self, step: Step) -> float:
        """Return what a Step took in the sample, else what its model's cost is by cells and rows."""
        if (took := self.work.get(model_of(step))) is not None:
            return took + WAITING
        cells, rows = self.bench.size
        cost = estimate([step], None, cells=cells, rows=rows, threads=1, sweeps=self.sweeps)
        return np.inf if cost.unmeasured else cost.seconds + HANDLING

    def steps(self, column: str) -> frozenset[str]:
        """Return the keys of the Steps that a column takes, those that cost nothing left out."""
        scope, _, name = column.partition("/")
        return self._behind(name, scope == PARCEL)

    @cached_property
    def _behind(self) -> Callable[[str, bool], frozenset[str]]:
        """The Steps behind an indicator or a control; those of the area and of the unit are the same."""
        return cache(self._required)

    def _required(self, name: str, of_parcels: bool) -> frozenset[str]:  # noqa: FBT001  (an argument of what is kept)
        layers = (control_layers if of_parcels else indicator_layers)(self.planned.place, [name])
        needed = required_steps(self.planned.steps, *(layer.key for layer in layers))
        return frozenset(step.key for step in needed if self.seconds[step.key] > 0.0)

    def processor(self, seconds: float) -> float:
        """Return the processor time of models that fit into some seconds by the clock, on threads that are free [s]."""
        return seconds * min(self.bench.engine.threads, PARALLEL)

    def fitting(
        self, columns: Mapping[str, float], seconds: float, *, first: Sequence[Collection[str]] = ()
    ) -> tuple[tuple[str, ...], tuple[Step, ...]]:
        """Return the columns whose Steps fit into some processor seconds, and these Steps; each with what it is worth.

        Those that come first, group by group, if they fit; then, again and again, the Steps that give most for their
        time. What is left out may be worth more than what was taken, as floods whose storms take most of the time: so
        the dearest Steps that fit are tried first too, and what is worth most is chosen.
        """
        behind = {column: self.steps(column) for column in columns}
        worth: dict[frozenset[str], float] = {}
        for column, keys in behind.items():
            worth[keys] = worth.get(keys, 0.0) + columns[column]
        taken = frozenset[str]()
        for group in first:
            for column in sorted(group, key=lambda name: (self.cost(behind[name]), name)):
                if self.cost(taken | behind[column]) <= seconds:
                    taken |= behind[column]
        filled = self._filled(taken, worth, seconds)
        starts = {taken | wanted for wanted in worth if not wanted <= filled}
        dear = sorted((start for start in starts if self.cost(start) <= seconds), key=self._ranked)[-STARTS:]
        tried = [filled, *(self._filled(start, worth, seconds) for start in dear)]
        taken = max(tried, key=lambda keys: sum(gain for wanted, gain in worth.items() if wanted <= keys))
        chosen = tuple(column for column in columns if behind[column] <= taken)
        return chosen, tuple(step for step in self.planned.steps if step.key in taken)

    def _ranked(self, keys: frozenset[str]) -> tuple[float, list[str]]:
        return self.cost(keys), sorted(keys)

    def _filled(self, taken: frozenset[str], worth: Mapping[frozenset[str], float], seconds: float) -> frozenset[str]:
        """Return Steps with more of them: again and again those that give most for their time, while they fit."""
        while choices := [
            (sum(gain for keys, gain in worth.items() if not keys <= taken and keys <= taken | wanted) / cost, wanted)
            for wanted in worth
            if not wanted <= taken and self.cost(taken | wanted) <= seconds and (cost := self.cost(wanted - taken))
        ]:
            taken |= max(choices, key=lambda each: (each[0], sorted(each[1])))[1]
        return taken

    def cost(self, keys: Iterable[str]) -> float:
        """Return the measured cost of Steps by key [s], the same in whatever order they come."""
        return math.fsum(self.seconds[key] for key in keys)


def model_of(step: Step) -> str:
    """Return the id of a Step's model; that of a measure on one parcel is the measure's."""
    return step.model.id.partition("@")[0]


def row_by_row(bench: Bench, work: Mapping[str, float] | None = None) -> tuple[Step, ...]:
    """Return the Steps of the alternative that were run and whose models remember rows, as energy its buildings.

    Of an edit they compute the rows that it changes. They are those that take time for every row of a table, and those
    that took more for the alternative itself than for edits, whose processor time by model is `work` [s].
    """
    rows, store = bench.size[1], bench.engine.store
    names = {name for name, cost in costs().items() if cost.seconds_per_row * rows >= REMEMBERING}
    steps = (step for step in bench.planned.steps if step.model.id in names or _dearer(bench, step, work or {}))
    return tuple(step for step in steps if all(store.has(out.key) for out in step.outs))


def _dearer(bench: Bench, step: Step, work: Mapping[str, float]) -> bool:
    """Tell whether a Step took much longer for the alternative than its model takes for an edit."""
    took = work.get(model_of(step))
    own = None if took is None else worked(bench.engine.store, step.key)
    return own is not None and own - (took or 0.0) >= REMEMBERING


def worked(store: Store, key: str) -> float | None:
    """Return the processor time that a Step's values took [s], None where it is not known.

    Values that were copied from an equal Step took what that one did: the copy says nothing of the model.
    """
    record = store.noted(key)
    while record is not None and "same_as" in record:
        record = store.noted(record["same_as"])
    return None if record is None or "work" not in record else float(record["work"])


def warm_up(quick: AtOnce, columns: Iterable[str], *, seconds: float = ALLOWED) -> None:
    """Run all that answers may run, once: kernels are loaded, and what all edits share is remembered."""
    if quick.bench.study.asked.couplings.heat_loop:
        return
    behind = [quick.steps(column) for column in columns]
    most = quick.processor(seconds)
    wanted = frozenset(key for keys in behind if quick.cost(keys) <= most for key in keys)
    quick.engine.run(tuple(step for step in quick.planned.steps if step.key in wanted))


def run_at_once(
    quick: AtOnce, columns: Mapping[str, float], *, first: Sequence[Collection[str]] = (), seconds: float = ALLOWED
) -> Mapping[str, float]:
    """Return the values of those columns whose models take at most some seconds on free threads; the models are run.

    Each column comes with what it is worth to have; `first` are groups of columns that come before the others, in this
    order. Nothing where the study closes a loop between models, whose rounds have no measured cost.
    """
    bench = quick.bench
    if not columns or bench.study.asked.couplings.heat_loop:
        return {}
    chosen, steps = quick.fitting(columns, quick.processor(seconds), first=first)
    if not chosen:
        return {}
    quick.engine.run(steps)
    values = _indicators(quick, chosen) | _controls(quick, chosen)
    return {name: value for name in chosen if np.isfinite(value := values.get(name, np.nan))}


def _indicators(quick: AtOnce, columns: Iterable[str]) -> dict[str, float]:
    """Return the columns of the whole area and of the parcel's unit."""
    names = {name.partition("/")[2] for name in columns if not name.startswith(PARCEL)}
    rows = {row.id: row for name in names for row in with_parts(name)}
    ordered = [row for row in indicators().values() if row.id in rows]
    if not ordered:
        return {}
    zones = quick.evaluator.read(quick.planned, grid=quick.bench.role)
    table = unit_table(zones, ordered).by_zone
    unit = str(quick.bench.parcel(quick.edit.parcel)["unit"])
    places = {"area": WHOLE_AREA} | ({"unit": unit} if unit in table.index else {})
    values = {scope: table.loc[zone].to_dict() for scope, zone in places.items()}
    return {f"{scope}/{name}": float(value) for scope, row in values.items() for name, value in row.items()}


def _controls(quick: AtOnce, columns: Iterable[str]) -> dict[str, float]:
    """Return the computed controls of the parcel."""
    names = [name.partition("/")[2] for name in columns if name.startswith(PARCEL)]
    if not names:
        return {}
    reader = quick.bench.evaluator(quick.evaluator.place, quick.evaluator.base, PARCELS, engine=quick.engine)
    table = computed_controls(reader.read(quick.planned, grid=quick.bench.role), names)
    own = table[table["parcel"] == quick.edit.parcel]
    return {f"{PARCEL}/{name}": float(value) for name, value in zip(own["control"], own["computed"], strict=True)}
