"""Drift between two runs of one study: indicators that left their band, and the input layers that moved them."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from citybraid.core.catalogue import band_design, ensemble_design
from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators, quantities_of
from citybraid.study.run.run import Run

SMALLEST = 1e-9
"""Relative change up to which two values are the same [-]."""


@dataclass(frozen=True)
class Drift:
    """An indicator of the whole area that differs between two runs.

    `before` or `after` is NaN where only the other run computed it: one that is no longer computed is `beyond`, a new
    one is not. `low` and `high` are the band of the earlier run, NaN where it has none, and `bands` what it is made of;
    `beyond` tells that the later value lies outside it, or that there is no band to excuse the change. `worse` tells
    that the change is away from what is better. `layers` are the input layers behind it whose content differs,
    `factors` and `models` the rows and versions, of models that both runs used; `alone` are models that one of them
    used.
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
    bands: tuple[str, ...] = ()
    """filled: imputed values; factors: ranges of factors; ensemble: runs over the sources of uncertainty."""
    alone: tuple[str, ...] = ()

    @property
    def banded(self) -> bool:
        """Whether the earlier run has a band for it."""
        return math.isfinite(self.low)


class _Behind(NamedTuple):
    """What an indicator rests on: input layers with their keys, factor rows by model, models' versions."""

    layers: Mapping[str, tuple[str, ...]]
    factors: Mapping[str, Mapping[str, float]]
    models: Mapping[str, int]


def drift(earlier: Run, later: Run) -> tuple[Drift, ...]:
    """Return the indicators that differ between two runs of one study, those beyond their band first.

    Raises InputError where the runs are of different studies or share no alternative.
    """
    one, other = earlier.about.name, later.about.name
    shared = [name for name in earlier.alternatives if name in later.alternatives]
    if one != other or not shared:
        raise InputError("drift.other_study", one=one, other=other)
    moved = [each for name in shared for each in _moved(earlier, later, name)]
    return tuple(sorted(moved, key=lambda each: (not each.beyond, -_relative(each.before, each.after))))


def _moved(earlier: Run, later: Run, alternative: str) -> Iterator[Drift]:
    before, after = (run.table(f"units/{alternative}") for run in (earlier, later))
    if before is None or after is None:
        return
    for name in [each for each in indicators() if each in before or each in after]:
        old, new = (float(table[name][WHOLE_AREA]) if name in table else math.nan for table in (before, after))
        if not (math.isfinite(old) or math.isfinite(new)) or _relative(old, new) <= SMALLEST:
            continue
        bands = dict(_bands(earlier, alternative, name, old))
        low = min((each.low for each in bands.values()), default=math.nan)
        high = max((each.high for each in bands.values()), default=math.nan)
        beyond = math.isfinite(old) and (not math.isfinite(low) or not low <= new <= high)
        direction = indicators()[name].direction
        worse = (new > old) if direction == "lower" else (new < old) if direction == "higher" else False
        one, other = (_behind(run, alternative, name) for run in (earlier, later))
        both = one.models.keys() & other.models.keys()
        rows = [_rows(each, both) for each in (one, other)]
        versions = [{model: each.models[model] for model in both} for each in (one, other)]
        yield Drift(
            alternative, name, old, new, low, high, beyond, worse, _differing(one.layers, other.layers),
            _differing(*rows), _differing(*versions), tuple(bands),
            tuple(sorted(one.models.keys() ^ other.models.keys())),
        )  # fmt: skip


def _rows(behind: _Behind, models: Collection[str]) -> dict[str, float]:
    """Return the factor rows of models, by name."""
    return {row: value for model in models for row, value in behind.factors[model].items()}


def _relative(old: float, new: float) -> float:
    if not math.isfinite(old) or not math.isfinite(new):
        return 1.0
    size = max(abs(old), abs(new))
    return abs(new - old) / size if size else 0.0


class _Ends(NamedTuple):
    low: float
    high: float


def _bands(run: Run, alternative: str, indicator: str, value: float) -> Iterator[tuple[str, _Ends]]:
    """Yield every band of an indicator of the whole area: of imputed values, of factors, and of the ensemble.

    Those of factors and of the ensemble are of the quantity behind it, and scaled with the indicator: the ensemble's
    runs are on the screening grid, and people per head do not vary.
    """
    table = run.table(f"bands/{alternative}")
    if table is not None:
        rows = table[(table["indicator"] == indicator) & (table["zone"] == WHOLE_AREA)]
        if len(rows):
            yield "filled", _Ends(float(rows["low"].iloc[0]), float(rows["high"].iloc[0]))
    behind = quantity_read(indicator)
    design, band = band_design(), run.table(f"factor_band/{alternative}")
    if design is not None and band is not None and design.quantity.name == behind:
        yield from _scaled("factors", band.iloc[0], value, whole=float(band["value"].iloc[0]))
    drawn, runs = ensemble_design(), run.table(f"uncertainty/{alternative}")
    if drawn is not None and runs is not None and behind == drawn.certain[-1].name:
        annual = runs[runs["event"].fillna("") == ""]
        if len(annual):
            yield from _scaled("ensemble", annual.iloc[0], value, whole=float(annual["screening"].iloc[0]))


def _scaled(name: str, row: pd.Series, value: float, *, whole: float) -> Iterator[tuple[str, _Ends]]:
    """Yield a band of a quantity as one of the indicator; nothing where the quantity is 0 or its ends are not known."""
    ends = [value * float(row[end]) / whole for end in ("low", "high")] if whole and math.isfinite(whole) else []
    if ends and all(map(math.isfinite, ends)):
        yield name, _Ends(min(ends), max(ends))


def quantity_read(indicator: str) -> str:
    """Return the quantity that an indicator is the number, the sum or, per head, the quotient of; '' for others."""
    rows = indicators()
    reading = rows[indicator].reading
    if reading.statistic == "quotient" and reading.var in rows:
        reading = rows[reading.var].reading
    return reading.var if reading.statistic in {"number", "column_sum"} else ""


def _behind(run: Run, alternative: str, indicator: str) -> _Behind:
    layers = run.layers(alternative)
    makers = {key: step for step in run.steps(alternative) for key in step.makes}
    stack = [layer.key for name in quantities_of(indicator) for layer in layers.get(name, {}).values()]
    visited, leaves = set[str](), set[str]()
    factors: dict[str, dict[str, float]] = {}
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
        own = {f"{row.factor}/{row.key}": row.value for rows in step.factors.values() for row in rows}
        factors.setdefault(step.model, {}).update(own)
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
