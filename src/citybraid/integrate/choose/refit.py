"""Effects fitted to what a run of a whole portfolio gave, so that the programme predicts that portfolio exactly."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.portfolio import Chosen, predicted
from citybraid.integrate.choose.programme import Programme, Refit

Floats = NDArray[np.float64]


def variables(programme: Programme, selection: Chosen) -> Floats:
    """Return a portfolio's adoptions and their products as the programme's variables."""
    lone = np.array([float(selection.adoption[name][unit]) for name, unit in programme.cells])
    return programme.products(lone)


def refitted(programme: Programme, selection: Chosen, change: pd.DataFrame) -> Programme:
    """Return the programme whose prediction of a portfolio is the change that was computed for it.

    `change` has a row per unit and one for the whole area; indicators that it lacks, and values that are NaN, are left
    as they are. The difference is shared among the measures in use by the size of their effects, so that effects of
    one sign are scaled alike and change their sign where the sum does; where none of them had an effect, by cost.
    Measures that are not in use keep their effects.
    """
    x = variables(programme, selection)
    columns = list(programme.effects.indicators)
    now = predicted(programme, x)
    gap = (change.reindex(index=now.index, columns=columns) - now).fillna(0.0)
    own = _shared(programme, x, gap.drop(WHOLE_AREA).to_numpy(), programme.own, by_unit=True)
    overall = _shared(programme, x, gap.loc[[WHOLE_AREA]].to_numpy(), programme.overall, by_unit=False)
    before = programme.refit or Refit(np.zeros_like(own), np.zeros_like(overall))
    return replace(programme, refit=Refit(before.own + own, before.overall + overall))


def scales(before: Programme, after: Programme, selection: Chosen) -> pd.DataFrame:
    """Return by what each measure's part in a portfolio's change of the whole area was multiplied: measure, indicator.

    NaN where it had no part before.
    """
    x = variables(before, selection)
    lone = len(before.cells)
    names = np.array([name for name, _ in before.cells])
    rows = {}
    for name in before.used:
        at = np.flatnonzero((names == name) & (x[:lone] > 0.0))
        parts = [x[at] @ programme.overall[at] for programme in (before, after)]
        rows[name] = np.divide(parts[1], parts[0], out=np.full(parts[0].shape, np.nan), where=parts[0] != 0.0)
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(before.effects.indicators))


def _shared(programme: Programme, x: Floats, gap: Floats, coefficient: Floats, *, by_unit: bool) -> Floats:
    """Return what is added to each variable's coefficient: the gap of its unit, or of the whole area, in shares."""
    place = programme.place if by_unit else np.zeros(programme.size, dtype=np.int64)
    size = np.abs(coefficient * x[:, None])
    cost = np.where(x > 0.0, programme.cost * x, 0.0)[:, None] * np.ones_like(size)
    lone = np.where((np.arange(programme.size) < len(programme.cells)) & (x > 0.0), 1.0, 0.0)[:, None] + 0.0 * size
    found, open_gap = np.zeros_like(size), np.broadcast_to(np.ones(gap.shape), gap.shape).copy()
    for weight in (size, cost, lone):
        total = np.zeros(gap.shape)
        np.add.at(total, place, weight)
        take = (total > 0.0) * open_gap
        share = weight / np.where(total > 0.0, total, 1.0)[place]
        found += np.divide(share * (gap * take)[place], x[:, None], out=np.zeros_like(size), where=x[:, None] > 0.0)
        open_gap -= take
    return found
