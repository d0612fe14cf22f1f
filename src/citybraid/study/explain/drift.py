"""Drift between two runs of one study: indicators that left their band, and the input layers that moved them."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators, quantities_of
from citybraid.study.run.run import Run

SMALLEST = 1e-9
"""Relative change up to which two values are the same [-]."""


@dataclass(frozen=True)
class Drift:
    """An indicator of the whole area that differs between two runs.

    `low` and `high` are the band of the earlier run, NaN where it has none; `beyond` tells that the later value lies
    outside it, or that there is no band to excuse the change. `worse` tells that the change is away from what is
    better. `layers` are the input layers behind it whose content differs, `factors` and `models` the rows and versions.
    """

    alternative: str
    indicator: str
    before: float
    after: float
    low: float
    high: float
    beyond: bool
    worse: bool
    layers: tuple[str, ...]
    factors: tuple[str, ...]
    models: tuple[str, ...]

    @property
    def banded(self) -> bool:
        """Whether the earlier run has a band for it."""
        return math.isfinite(self.low)


class _Behind(NamedTuple):
    """What an indicator rests on: input layers with their keys, factor rows with their values, models' versions."""

    layers: Mapping[str, tuple[str, ...]]
    factors: Mapping[str, float]
    models: Mapping[str, int]


def drift(earlier: Run, later: Run) -> tuple[Drift, ...]:
    """Return the indicators that differ between two runs of one study, those beyond their band first.

    Raises InputError where the runs are of different studies or share no alternative.
    """
    one, other = earlier.about.name, later.about.name
    shared = [name for name in earlier.alternatives if name in later.alternatives]
    if one != other or not shared:
        raise InputError("drift.other_study", one=one, other=other)
    found = [each for name in shared for each in _moved(earlier, later, name)]
    return tuple(sorted(found, key=lambda each: (not each.beyond, -_relative(each.before, each.after))))


def _moved(earlier: Run, later: Run, alternative: str) -> Iterator[Drift]:
    before, after = (run.table(f"units/{alternative}") for run in (earlier, later))
    if before is None or after is None:
        return
    bands = earlier.table(f"bands/{alternative}")
    for name in [str(column) for column in before if column in after and str(column) in indicators()]:
        old, new = float(before[name][WHOLE_AREA]), float(after[name][WHOLE_AREA])
        if not math.isfinite(old) or not math.isfinite(new) or _relative(old, new) <= SMALLEST:
            continue
        low, high = _band(bands, name)
        beyond = not math.isfinite(low) or not low <= new <= high
        direction = indicators()[name].direction
        worse = (new > old) if direction == "lower" else (new < old) if direction == "higher" else False
        one, other = (_behind(run, alternative, name) for run in (earlier, later))
        yield Drift(
            alternative, name, old, new, low, high, beyond, worse, _differing(one.layers, other.layers),
            _differing(one.factors, other.factors), _differing(one.models, other.models),
        )  # fmt: skip


def _relative(old: float, new: float) -> float:
    size = max(abs(old), abs(new))
    return abs(new - old) / size if size else 0.0


def _band(bands: pd.DataFrame | None, indicator: str) -> tuple[float, float]:
    if bands is None:
        return math.nan, math.nan
    rows = bands[(bands["indicator"] == indicator) & (bands["zone"] == WHOLE_AREA)]
    return (float(rows["low"].iloc[0]), float(rows["high"].iloc[0])) if len(rows) else (math.nan, math.nan)


def _behind(run: Run, alternative: str, indicator: str) -> _Behind:
    layers = run.layers(alternative)
    makers = {key: step for step in run.steps(alternative) for key in step.makes}
    stack = [layer.key for name in quantities_of(indicator) for layer in layers.get(name, {}).values()]
    visited, leaves = set[str](), set[str]()
    factors: dict[str, float] = {}
    models: dict[str, int] = {}
    while stack:
        key = stack.pop()
        if key in visited:
            continue
        visited.add(key)
        step = makers.get(key)
        if step is None:
            leaves.add(key)
            continue
        models[step.model] = step.version
        factors |= {f"{row.factor}/{row.key}": row.value for rows in step.factors.values() for row in rows}
        stack += step.reads
    inputs: dict[str, list[str]] = {}
    for home in run.manifest.homes:
        if home.key in leaves:
            inputs.setdefault(home.var, []).append(home.key)
    return _Behind({name: tuple(sorted(keys)) for name, keys in inputs.items()}, factors, models)


def _differing(one: Mapping[str, object], other: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name in _both(one, other) if one.get(name) != other.get(name))


def _both(one: Iterable[str], other: Iterable[str]) -> list[str]:
    return sorted({*one, *other})
