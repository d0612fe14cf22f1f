"""Where two measures meet on their way to an indicator: the first computation that is not the sum of both."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from citybraid.core.evaluate import GridRole, Use
from citybraid.core.layer import Layer
from citybraid.core.step import Step
from citybraid.planning.rows import quantities_of
from citybraid.study.plan.planner import Plan
from citybraid.study.plan.required import required_steps
from citybraid.study.run.evaluation import Evaluator

Floats = NDArray[np.float64]
ADDITIVE = 1e-5
"""Second difference, over the larger of both changes, up to which a computation adds them [-]."""
ROUNDING = 1e-9


class Meeting(NamedTuple):
    """Where two measures meet."""

    model: str
    """Model or measure in which the sum of both stops to hold."""
    quantity: str
    """What it computes."""
    first: str
    """Quantities by which the first measure reaches it, separated by blanks; '' where it is the measure itself."""
    second: str


def meeting(evaluator: Evaluator, one: Use, other: Use, *, indicator: str, grid: GridRole) -> Meeting | None:
    """Return the first computation behind an indicator whose result with both measures is not that of both alone.

    The study runs without, with each, and with both; Steps are looked at in their order. None where every
    computation adds the two, so that they meet nowhere.
    """
    plans = [evaluator.planned(portfolio, grid=grid, whole=True) for portfolio in ((), (one,), (other,), (one, other))]
    together = plans[-1]
    names = quantities_of(indicator)
    keys = [layer.key for name in names for layer in together.place.layers.get(name, ())]
    final = {layer.key for layers in together.place.layers.values() for layer in layers}
    behind = required_steps(together.steps, *keys)
    # Of what a model makes that alone counts which is read on the way: not heating, on the way to the air of streets.
    read = {*keys, *(layer.key for step in behind for layer in _read(step).values())}
    for step in behind:
        for out in (each for each in step.outs if each.key in final & read and not step.model.id.startswith("core.")):
            values = list(_values(evaluator, plans, out))
            if len(values) == len(plans) and not _adds(values):
                return Meeting(
                    step.model.id, out.var.name, _differing(step, out, plans[2]), _differing(step, out, plans[1])
                )  # fmt: skip
    return None


def _values(evaluator: Evaluator, plans: list[Plan], out: Layer) -> Iterator[Floats]:
    """Yield a layer's values in every plan, as numbers of one shape; fewer where it is not in all of them."""
    shape: tuple[int, ...] | None = None
    for planned in plans:
        layers = [layer for layer in planned.place.layers.get(out.var.name, ()) if layer.at == out.at]
        if len(layers) != 1:
            return
        values = _numbers(evaluator.engine.memory.get(layers[0].key))
        if values is None or values.shape != (values.shape if shape is None else shape):
            return
        shape = values.shape
        yield values


def _numbers(value: Any) -> Floats | None:
    if isinstance(value, gpd.GeoSeries) or (isinstance(value, pd.Series) and value.dtype.kind not in "fiub"):
        return None
    if isinstance(value, xr.DataArray | pd.Series):
        return np.asarray(value.to_numpy(), dtype=np.float64)
    return np.atleast_1d(np.float64(value)) if isinstance(value, int | float) else None


def _adds(values: list[Floats]) -> bool:
    base, one, other, both = values
    first, second, joint = one - base, other - base, both - one - other + base
    if not np.isfinite(joint).any():
        return True
    size = max(float(np.nanmax(np.abs(first))), float(np.nanmax(np.abs(second))))
    scale = float(np.nanmax(np.abs(base)))
    return float(np.nanmax(np.abs(joint))) <= ADDITIVE * size + ROUNDING * scale


def _differing(step: Step, out: Layer, without: Plan) -> str:
    """Return the quantities that a Step reads otherwise in a plan without one measure; '' where it is not there.

    The Step of the other plan is the one that makes the same layer there: with a loop closed a model has several.
    """
    keys = {layer.key for layer in without.place.layers.get(out.var.name, ()) if layer.at == out.at}
    same = [each for each in without.steps if each.name == step.name and keys & {made.key for made in each.outs}]
    if len(same) != 1:
        return ""
    before = _read(same[0])
    return " ".join(sorted({layer.var.name for at, layer in _read(step).items() if _differs(before.get(at), layer)}))


def _differs(before: Layer | None, now: Layer) -> bool:
    return before is None or before.key != now.key


def _read(step: Step) -> Mapping[tuple[str, str], Layer]:
    return {(name, at): layer for name, layers in step.reads.items() for at, layer in layers.items()}
