"""How often models that go over their grid again and again do so, told before anything runs."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from citybraid.core.catalogue import declared
from citybraid.core.errors import PlanError
from citybraid.core.layer import Layer
from citybraid.core.precondition import Sweeps
from citybraid.core.step import Step
from citybraid.core.var import Over
from citybraid.store.draft_store import DraftStore
from citybraid.store.store import Store
from citybraid.study.plan.regrid import COARSEN, REFINE
from citybraid.study.run.backends.workplace import ValueCache, Workplace


@cache
def _counts() -> Mapping[str, Callable[..., float]]:
    return {each.model.id: each.count for each in declared(Sweeps)}


def sweeps_of(steps: Iterable[Step], store: Store | None = None) -> Mapping[str, float]:
    """Return how often each of these Steps goes over its grid, by key; those of models that do so once are left out.

    Series and numbers that a strand asks for are read where they are stored, and made in memory where only series and
    numbers make them, as a design storm; a raster that is resampled first is read as it is stored.
    """
    steps_kept = tuple(steps)
    wanted = [step for step in steps_kept if step.model.id in _counts() and "p" in step.extra]
    if not wanted:
        return {}
    known = None if store is None else Known(steps_kept, store)
    return {step.key: _counted(step, known) for step in wanted}


def _counted(step: Step, known: "Known | None") -> float:
    count = _counts()[step.model.id]
    given: dict[str, Any] = {"p": step.extra["p"], "grid": _grid(step)}
    names = [name for name in inspect.signature(count).parameters if name in step.reads]
    values = {} if known is None else {name: known.input(step, name) for name in names}
    with suppress(PlanError):  # the run tells of it
        return count(**given, **values)
    return count(**given)


def _grid(step: Step) -> Any:
    return next(out.grid for out in step.outs if out.grid is not None)


class Known:
    """Values that are known before a run: those in its store, and series and numbers that follow from them."""

    def __init__(self, steps: Iterable[Step], store: Store) -> None:
        self._memory = ValueCache(DraftStore(store, store.get))
        self._workplace = Workplace(self._memory)
        self._makers = {out.key: step for step in steps for out in step.outs}

    def input(self, step: Step, name: str) -> Any:
        """Return an input of a Step by its model's name, None where it is not known."""
        layers = step.reads[name]
        values = {label: self._value(layer) for label, layer in layers.items()}
        if any(value is None for value in values.values()):
            return None
        return values if isinstance(step.model.needs[name].what, Over) else next(iter(values.values()))

    def _value(self, layer: Layer) -> Any:
        if self._memory.store.has(layer.key):
            return self._memory.read(layer.key)
        maker = self._makers.get(layer.key)
        if maker is None:
            return None
        inputs = [each for layers in maker.reads.values() for each in layers.values()]
        if maker.model in (COARSEN, REFINE):
            return self._value(inputs[0])
        small = all(each.grid is None and each.var.on in ("time", "") for each in (*inputs, *maker.outs))
        if not small or any(self._value(each) is None for each in inputs):
            return None
        with suppress(PlanError):  # the run tells of it
            self._workplace.execute(maker, 1, lambda _: None)
            return self._memory.get(layer.key)
        return None
