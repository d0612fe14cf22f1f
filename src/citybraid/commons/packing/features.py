"""Features of a run's place by which cases are compared: climate, density, terrain, hazards, as rows of a table say."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citybraid.commons.form.card import FeatureValue
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.layer import Layer
from citybraid.core.rows.cases import CaseFeature, CaseHazard
from citybraid.core.tables import read_table
from citybraid.study.run.run import Run

HECTARE = 1e4
DAYS = 365.25
HOURS = 24.0
LOW, HIGH = 5.0, 95.0
"""Percentiles of the ground that relief lies between."""
OUTLINES = ("study_area", "units")
"""Tables that tell the plan area, the first that a run has."""


def first_alternative(run: Run) -> str:
    """Return the state that a place is described by: the first alternative of the study."""
    return run.alternatives[0]


def plan_area(run: Run) -> float | None:
    """Return the size of the plan area [ha], None where no table outlines it."""
    layers = run.layers(first_alternative(run))
    for name in OUTLINES:
        if name in layers:
            shapes = run.value(_only(layers[name]))
            return float(shapes.area.sum()) / HECTARE
    return None


def features(run: Run) -> Mapping[str, FeatureValue]:
    """Return the features that a run tells; those that it has no values for are absent."""
    layers = {
        layer.var.name: layer
        for layer in (*run.homes, *map(_only, run.layers(first_alternative(run)).values()))
        if not layer.at
    }
    area = plan_area(run)
    values = {}
    for row in read_table(CaseFeature):
        value = _value(run, row, layers, area)
        if value is not None and (isinstance(value, str) or np.isfinite(value)):
            values[row.id] = FeatureValue(value=value, unit=row.unit)
    return values


def hazards(run: Run) -> tuple[str, ...]:
    """Return the hazards that a run's indicators show on the whole area."""
    return tuple(row.id for row in read_table(CaseHazard) if (whole_area(run, row.indicator) or 0.0) > 0)


def whole_area(run: Run, indicator: str) -> float | None:
    """Return an indicator of the whole area in the first alternative, None where it was not computed."""
    units = run.table(f"units/{first_alternative(run)}")
    if units is None or indicator not in units.columns or WHOLE_AREA not in units.index:
        return None
    value = float(units[indicator].to_dict()[WHOLE_AREA])
    return value if np.isfinite(value) else None


def _value(run: Run, row: CaseFeature, layers: Mapping[str, Layer], area: float | None) -> float | str | None:
    if row.statistic == "text":
        return str(getattr(run.about, row.var)) or None
    if row.statistic == "indicator":
        return whole_area(run, row.var)
    if row.statistic == "indicator_per_area":
        value = whole_area(run, row.var)
        return None if value is None or not area else value / area
    if row.var not in layers:
        return None
    return _statistic(row.statistic, run.value(layers[row.var]), area)


def _statistic(statistic: str, value: Any, area: float | None) -> float | None:
    numbers = np.asarray(value, dtype=np.float64)
    numbers = numbers[np.isfinite(numbers)]
    if numbers.size == 0:
        return None
    if statistic == "mean":
        return float(numbers.mean())
    if statistic == "spread":
        low, high = np.percentile(numbers, (LOW, HIGH))
        return float(high - low)
    if statistic == "yearly_sum":
        hours = np.asarray(value.index, dtype=np.float64)
        years = (hours[-1] - hours[0] + HOURS) / HOURS / DAYS
        return float(numbers.sum() / years)
    return None if not area else float(numbers.sum() / (area * HECTARE))


def _only(labelled: Mapping[str, Layer]) -> Layer:
    return next(iter(labelled.values()))
