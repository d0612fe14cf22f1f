"""Explanation: from an indicator back to formula, models, factors, sources and files, and forward to its instrument."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core import catalogue
from citybraid.core.currency import in_currency
from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import UNSURE
from citybraid.planning.rows import Indicator, Reading, indicators
from citybraid.study.open.schema import Objective
from citybraid.study.run.manifest import FactorRow
from citybraid.study.run.run import Run, StepRun

NUMBERS = ("float", "int")
NEAR = 5
"""Most indicators named beside one that there is not."""
AMOUNTS = frozenset({"kg", "kg year-1", "kWh", "kWh year-1", "kW", "m2", "m3", "person", "person h year-1"})
"""Units of quantities whose rows are added; those of others are averaged."""


@dataclass(frozen=True)
class InputQuantity:
    """A quantity from files: its completeness, native pixel [m] and file entries of the study."""

    var: str
    completeness: float
    native: float | None
    origin: tuple[str, ...]


class Band(NamedTuple):
    """Uncertainty band from imputed values: bounds, mean and number of draws, and lowest stated share [-]."""

    low: float
    high: float
    mean: float
    draws: int
    stated: float


@dataclass(frozen=True)
class Explanation:
    """Everything behind an indicator's values, and the objectives that use it."""

    indicator: Indicator
    values: Mapping[str, float]
    steps: tuple[StepRun, ...]
    homes: tuple[InputQuantity, ...]
    objectives: tuple[Objective, ...]
    partial: tuple[str, ...]
    bands: Mapping[str, Band]
    without: Mapping[str, float] = field(default_factory=dict)
    """What it would improve less without each measure of the portfolio, where it is the goal of the budget."""

    @property
    def rows(self) -> tuple[FactorRow, ...]:
        """Factor rows behind the indicator, without duplicates."""
        return tuple(dict.fromkeys(row for step in self.steps for rows in step.factors.values() for row in rows))

    @property
    def unsure(self) -> float:
        """Share of the factor rows whose number is recalled, unverified or assumed [-]."""
        rows = self.rows
        return sum(row.status in UNSURE for row in rows) / len(rows) if rows else 0.0

    def cite(self, model: str) -> str:
        """Return a model's citation."""
        entry = catalogue.known().get(model)
        return str(entry["cite"]) if entry else ""


def explain(run: Run, name: str, *, zone: str = WHOLE_AREA) -> Explanation:
    """Explain an indicator of a run, for the whole area or one planning unit, or any quantity that the run holds.

    Raises:
        InputError: the indicator is not known or was not computed; the zone is not there.
    """
    known = indicators()
    if name not in known and zone == WHOLE_AREA and (quantity := _quantity(run, name)) is not None:
        return quantity
    if name not in known:
        near = get_close_matches(name, known, n=NEAR, cutoff=0.4) or [each for each in known if name in each][:NEAR]
        raise InputError("explain.unknown", name=name, near=near or ["-"])
    values: dict[str, float] = {}
    for alternative in run.alternatives:
        table = run.table(f"units/{alternative}")
        if table is None or name not in table:
            continue
        if zone not in table.index:
            raise InputError("explain.zone", zone=zone, known=[str(each) for each in table.index[:20]])
        values[alternative] = float(table[name][zone])
    if not values:
        lacking = run.manifest.lacking
        needs = sorted({needs[name] for needs in lacking.values() if name in needs})
        raise InputError("explain.not_computed", name=name, needs=needs)
    alternative = next(iter(values))
    first = run.alternatives[-1] if run.alternatives[-1] in values else alternative
    steps, homes = _upstream(run, first, tuple(_vars(known[name])))
    objectives = run.manifest.asked.objectives
    partial = run.manifest.partial.get(first, {}).get(name, ())
    indicator = replace(known[name], unit=in_currency(known[name].unit, run.currency))
    return Explanation(
        indicator, values, steps, homes, tuple(each for each in objectives if each.indicator == name), tuple(partial),
        {each: band for each in values if (band := _band(run.table(f"bands/{each}"), name, zone)) is not None},
        _without(run, name) if zone == WHOLE_AREA else {},
    )  # fmt: skip


def _without(run: Run, name: str) -> Mapping[str, float]:
    """Return the loss without each measure of the portfolio, as the choice counts it; empty for any but its goal."""
    head, rows = run.table("why"), run.table("why_measures")
    if head is None or rows is None or head.empty or str(head["indicator"].iloc[0]) != name:
        return {}
    return {str(measure): float(lost) for measure, lost in zip(rows["measure"], rows["lost"], strict=True)}


def _quantity(run: Run, name: str) -> Explanation | None:
    """Explain a number, series or column of the run: amounts by their sum, others by their mean; None for any other."""
    values: dict[str, float] = {}
    unit = ""
    for alternative in run.alternatives:
        layer = run.layers(alternative).get(name, {}).get("")
        if layer is None or layer.grid is not None or layer.var.kind not in NUMBERS:
            continue
        unit, value = layer.var.unit, np.asarray(run.value(layer), dtype=np.float64)
        values[alternative] = float(np.nansum(value) if unit in AMOUNTS or value.ndim == 0 else np.nanmean(value))
    if not values:
        return None
    steps, homes = _upstream(run, list(values)[-1], (name,))
    reading = Reading("column_sum" if unit in AMOUNTS else "column_mean", name, "", "", "", 1.0)
    read = Indicator(name, "", reading, unit, "none", extensive=unit in AMOUNTS, level="", instrument="", clause="",
                     source="", status="")  # fmt: skip
    return Explanation(read, values, steps, homes, (), (), {})


def _band(table: pd.DataFrame | None, name: str, zone: str) -> Band | None:
    if table is None:
        return None
    rows = table[(table["indicator"] == name) & (table["zone"] == zone)]
    columns = [rows[part] for part in ("low", "high", "mean", "draws", "stated")]
    if rows.empty:
        return None
    low, high, mean, draws, stated = (float(column.iloc[0]) for column in columns)
    return Band(low, high, mean, int(draws), stated)


def _vars(indicator: Indicator) -> Iterator[str]:
    """Return the quantities an indicator is read from, through combined indicators."""
    reading = indicator.reading
    if reading.statistic in ("combined", "quotient"):
        for part in (*reading.var.split(), *reading.second.split()):
            yield from _vars(indicators()[part.lstrip("-")])
        return
    yield from (*reading.var.split(), *reading.second.split())


def _upstream(
    run: Run, alternative: str, names: tuple[str, ...]
) -> tuple[tuple[StepRun, ...], tuple[InputQuantity, ...]]:
    layers, steps = run.layers(alternative), {step.key: step for step in run.steps(alternative)}
    makers = {key: step for step in steps.values() for key in step.makes}
    stack = [layer.key for name in names for layer in layers.get(name, {}).values()]
    needed, leaves = set[str](), set[str]()
    while stack:
        key = stack.pop()
        step = makers.get(key)
        if step is None:
            leaves.add(key)
        elif step.key not in needed:
            needed.add(step.key)
            stack += step.reads
    by_key = {home.key: home.var for home in run.manifest.homes}
    homes = {
        InputQuantity(
            var=by_key[key], completeness=float(run.manifest.completeness.get(by_key[key], np.nan)),
            native=run.manifest.native.get(key), origin=tuple(run.manifest.origin.get(by_key[key], ())),
        )
        for key in sorted(leaves)
        if key in by_key
    }  # fmt: skip
    return tuple(step for step in steps.values() if step.key in needed), tuple(sorted(homes, key=lambda home: home.var))
