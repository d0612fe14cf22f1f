"""Rehearsal: what would stop a run is found before it starts.

Steps that cost little are computed for real, with the keys of the run, which therefore does not compute them again.
Of the others, the preconditions that their strands declare are checked, and models that check all their inputs before
their first step are started and ended there.
"""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from citybraid.core.catalogue import declared
from citybraid.core.errors import Cancelled, PlanError, StoreError, StudyError
from citybraid.core.layer import Layer
from citybraid.core.precondition import FirstTick, Precondition
from citybraid.core.step import Step
from citybraid.core.text import Phrase, known
from citybraid.core.var import Over, Table
from citybraid.study.plan.planner import Plan
from citybraid.study.plan.regrid import CONSTANT_COLUMN
from citybraid.study.run.backends.sweeps import sweeps_of
from citybraid.study.run.engine import Engine
from citybraid.study.run.preflight import Cost, costs, step_seconds

STEP_SECONDS = 5.0
"""Estimated time above which a Step is not computed in a check [s]."""
TOTAL_SECONDS = 60.0
"""Estimated time of all Steps that are computed in a check [s]."""
UNMEASURED = Cost(seconds_per_cell=1e-6, seconds_per_row=1e-4, bytes_per_cell=0.0)
"""Cost of a model without a measured one."""


def rehearse(
    plans: Mapping[str, Plan], engine: Engine, *, cells: int, rows: int, step_seconds: float = STEP_SECONDS
) -> tuple[PlanError, ...]:
    """Return the errors that would stop the runs of these plans, by alternative and model.

    A Step is computed where its estimated time for these cells and rows is at most `step_seconds` and its inputs are
    stored; a Step that several plans share is computed, and its error told, once.
    """
    rehearsal = Rehearsal(engine, rows=rows, step_seconds=step_seconds)
    return tuple(fault for name, planned in plans.items() for fault in rehearsal.of(name, planned.steps, cells=cells))


@dataclass
class Rehearsal:
    """Steps looked at so far, and the time that is left to compute light ones [s]; `rows` is the longest table's."""

    engine: Engine
    rows: int
    step_seconds: float = STEP_SECONDS
    left: float = TOTAL_SECONDS
    ran: int = 0
    """Steps that were computed; they are stored, and a run does not compute them again."""
    _visited: set[str] = field(default_factory=set)

    def of(self, name: Phrase | str, steps: Iterable[Step], *, cells: int) -> tuple[PlanError, ...]:
        """Return the errors of Steps that were not looked at before, on a grid of these cells; `name` is told."""
        problems: list[PlanError] = []
        steps_kept = tuple(steps)
        sweeps = sweeps_of(steps_kept, self.engine.store)
        for step in steps_kept:
            if step.key in self._visited:
                continue
            self._visited.add(step.key)
            seconds = _seconds(step, sweeps, cells=cells, rows=self.rows)
            light = seconds <= self.step_seconds and seconds <= self.left
            self.left -= seconds if light else 0.0
            ran, fault = _tried(step, self.engine, light=light)
            self.ran += ran
            if fault is None:
                continue
            problems.append(
                StudyError("study.step", name=name, step=_step_title(step), why=Phrase(fault.text, fault.values))
            )
            # an error stops an engine
            self.engine = self.engine.anew(emit=self.engine.emit)
        return tuple(problems)


def _step_title(step: Step) -> Phrase | str:
    """Return the title of a Step's model with its id, by which study files and commands name it."""
    text = f"model.{step.name}"
    return Phrase("plan.titled", {"title": Phrase(text, {}), "code": step.name}) if known(text) else step.name


def _seconds(step: Step, sweeps: Mapping[str, float], *, cells: int, rows: int) -> float:
    if step.model is CONSTANT_COLUMN:
        return 0.0
    cost = costs().get(step.model.id, UNMEASURED)
    return step_seconds(step, cells=cells, rows=rows, sweeps=sweeps, cost=cost)


def _tried(step: Step, engine: Engine, *, light: bool) -> tuple[int, PlanError | None]:
    """Return how many Steps were computed, and the error of this one.

    It is computed where it is light and its inputs are stored, else started or checked.
    """
    ready = all(engine.store.has(layer.key) for layer in _layers(step))
    done = all(engine.store.has(out.key) for out in step.outs)
    try:
        if light and ready:
            return len(engine.run([step])), None
        if ready and not done and step.model.id in _started_models():
            engine.start(step)
        else:
            _check_preconditions(step, engine)
    except (Cancelled, StoreError):
        raise
    except PlanError as fault:
        return 0, fault
    return 0, None


def _layers(step: Step) -> Iterable[Layer]:
    return (layer for layers in step.reads.values() for layer in layers.values())


@cache
def _started_models() -> frozenset[str]:
    return frozenset(each.model.id for each in declared(FirstTick))


@cache
def _preconditions() -> Mapping[str, tuple[Precondition, ...]]:
    by_model: dict[str, tuple[Precondition, ...]] = {}
    for each in declared(Precondition):
        by_model[each.model.id] = (*by_model.get(each.model.id, ()), each)
    return by_model


def _check_preconditions(step: Step, engine: Engine) -> None:
    for precondition in _preconditions().get(step.model.id, ()):
        arguments: dict[str, Any] = {}
        for name in inspect.signature(precondition.check).parameters:
            if name in step.extra:
                arguments[name] = step.extra[name]
            elif name not in step.reads:
                arguments[name] = None
            elif (value := _known(step, name, engine)) is not None:
                arguments[name] = value
            else:
                break
        else:
            precondition.check(**arguments)


def _known(step: Step, name: str, engine: Engine) -> Any:
    """Return an input of a Step; of a table the columns that are stored; None where it is not computed yet."""
    layers, what = step.reads[name], step.model.needs[name].what
    stored = {word: layer for word, layer in layers.items() if engine.store.has(layer.key)}
    if isinstance(what, Table):
        return engine.view(what, stored) if what.on in stored else None
    if len(stored) < len(layers):
        return None
    values = {label: engine.memory.get(layer.key) for label, layer in stored.items()}
    return values if isinstance(what, Over) else next(iter(values.values()))
