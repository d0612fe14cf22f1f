"""Effects fitted to what a run of a whole portfolio gave, so that the programme predicts that portfolio exactly."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.portfolio import Chosen, predicted
from citybraid.integrate.choose.programme import EXTENSIVE, Programme, Refit

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def variables(programme: Programme, selection: Chosen) -> Floats:
    """Return a portfolio's adoptions and their products as the programme's variables."""
    lone = np.array([float(selection.adoption[name][unit]) for name, unit in programme.cells])
    return programme.products(lone)


def refitted(
    programme: Programme, selection: Chosen, change: pd.DataFrame, *, alone: Collection[str] = ()
) -> Programme:
    """Return the programme whose prediction of a portfolio is the change that was computed for it.

    `change` has a row per unit and one for the whole area; indicators that it lacks, and values that are NaN, are left
    as they are. The difference in a unit is shared among the measures in use there by the size of their effects, so
    that effects of one sign are scaled alike and change their sign where the sum does; where none had an effect, by
    cost. Measures that ran `alone` on the full grid are known: what they do together takes the difference. What the
    units do not explain of the whole area is shared among all measures in use. Others keep their effects.
    """
    x = variables(programme, selection)
    columns = list(programme.effects.indicators)
    now = predicted(programme, x)
    came = change.reindex(index=now.index, columns=columns)
    gap = (came - now).fillna(0.0)
    known = np.array([name in alone for name, _ in programme.cells] + [False] * len(programme.couples))
    shares = _Shares(programme, x, known)
    own = shares.of(gap.drop(WHOLE_AREA).to_numpy(), programme.own, programme.place)
    units = came.drop(WHOLE_AREA).to_numpy(np.float64)
    whole = came.loc[WHOLE_AREA].to_numpy(np.float64)
    summed = np.abs(units.sum(axis=0) - whole) <= EXTENSIVE * np.abs(units).sum(axis=0)
    overall = np.where(summed, own, 0.0)
    left = gap.loc[WHOLE_AREA].to_numpy(np.float64) - x @ overall
    overall += shares.of(left[None, :], programme.overall, np.zeros(programme.size, dtype=np.int64))
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


@dataclass(frozen=True)
class _Shares:
    """Shares out a difference among the variables of a portfolio."""

    programme: Programme
    x: Floats
    known: NDArray[np.bool_]

    def of(self, gap: Floats, coefficient: Floats, place: Indices) -> Floats:
        """Return what is added to each variable's coefficient: a row of the gap for each place.

        By size of effects that are not known, then to products, by size of all effects, by cost, and to all alike: the
        first of these that a place has.
        """
        used = self.x[:, None] > 0.0
        size = np.abs(coefficient * self.x[:, None])
        product = np.arange(self.programme.size) >= len(self.programme.cells)
        cost = (self.programme.cost * self.x)[:, None]
        flat = np.ones_like(size)
        weights = (
            size * ~self.known[:, None], flat * product[:, None], size, flat * cost, flat * ~product[:, None],
        )  # fmt: skip
        coefficients, open_gap = np.zeros_like(size), np.ones_like(gap)
        for weight in (np.where(used, each, 0.0) for each in weights):
            total = np.zeros_like(gap)
            np.add.at(total, place, weight)
            take = (total > 0.0) * open_gap
            part = weight / np.where(total > 0.0, total, 1.0)[place] * (gap * take)[place]
            coefficients += np.divide(part, self.x[:, None], out=np.zeros_like(size), where=used)
            open_gap = open_gap - take
        return coefficients
