"""Effects of measures, alone and in pairs, from runs of every strand, by planning unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA, Evaluate, Use


@dataclass(frozen=True)
class Single:
    """A measure alone at full adoption: what was installed per unit, and the change of every indicator.

    `change` has a row per planning unit and one for the whole area (WHOLE).
    """

    installed: pd.Series
    change: pd.DataFrame


@dataclass(frozen=True)
class Pair:
    """Two measures together at full adoption.

    `first`, `second` are the shares of each measure's lone quantity that fit
    beside the other, per unit (1 where they do not compete for space). `interaction` is the
    change of both less the sum of the lone changes at these shares.
    """

    first: pd.Series
    second: pd.Series
    change: pd.DataFrame
    interaction: pd.DataFrame


@dataclass(frozen=True)
class EffectTable:
    """Results of the screening runs: the baseline, each measure alone, and pairs.

    `area` is each unit's area [m2], where it is known, for weighting unit means to the whole area's.
    """

    base: pd.DataFrame
    single: Mapping[str, Single]
    pair: Mapping[tuple[str, str], Pair]
    area: pd.Series | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """Ids of the planning units."""
        return tuple(unit for unit in self.base.index if unit != WHOLE_AREA)

    def weights(self) -> NDArray[np.float64]:
        """Return each unit's share of the units' area [-], 0 where areas are not known."""
        if self.area is None:
            return np.zeros(len(self.units))
        areas = self.area.reindex(list(self.units)).to_numpy(dtype=np.float64)
        return np.asarray(areas / areas.sum(), dtype=np.float64)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Ids of the indicators, installed quantities left out."""
        return tuple(self.base.columns)


def effects(
    evaluate: Evaluate,
    measures: Sequence[Use],
    units: Sequence[str],
    *,
    pairs: Iterable[tuple[str, str]] | None = None,
    area: pd.Series | None = None,
) -> EffectTable:
    """Run every strand on the screening grid: without measures, with each one and with each pair, at full adoption.

    Measures are named by the last part of their id. `pairs` limits the pairs that are
    run; all of them where not given. That is 1 + n + n(n-1)/2 runs for n measures.
    Quantities are those of the full grid: only indicators are screened.
    Raises InputError where a row or a quantity is missing.
    """
    ordered = sorted(measures, key=lambda use: use.model.id)
    rows = [*units, WHOLE_AREA]
    base, bare = read_rows(evaluate((), grid="screening"), rows), read_rows(evaluate.installed(()), rows)
    quantity = {use.model.name: _quantity(use, bare) for use in ordered}
    single: dict[str, Single] = {}
    for use in ordered:
        table, column = read_rows(evaluate((use,), grid="screening"), rows), quantity[use.model.name]
        placed = read_rows(evaluate.installed((use,)), rows)
        installed = (placed[column] - bare[column]).drop(WHOLE_AREA)
        single[use.model.name] = Single(installed, table[base.columns] - base)
    selected = {tuple(sorted(pair)) for pair in (combinations(single, 2) if pairs is None else pairs)}
    pair: dict[tuple[str, str], Pair] = {}
    for first, second in combinations(ordered, 2):
        names = first.model.name, second.model.name
        if tuple(sorted(names)) not in selected:
            continue
        table = read_rows(evaluate((first, second), grid="screening"), rows)
        placed = read_rows(evaluate.installed((first, second)), rows) - bare
        shares = [_share(placed[quantity[name]], single[name].installed) for name in names]
        change = table[base.columns] - base
        alone = sum(single[name].change.mul(share, axis=0) for name, share in zip(names, shares, strict=True))
        pair[names] = Pair(shares[0], shares[1], change, change - alone)
    return EffectTable(base, single, pair, area)


def read_rows(table: pd.DataFrame, rows: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the planning units and of the whole area; raises InputError where one is missing."""
    if missing := [row or "(whole area)" for row in rows if row not in table.index]:
        raise InputError("effects.units_differ", units=missing)
    return table.loc[list(rows)].astype(float)


def _quantity(use: Use, table: pd.DataFrame) -> str:
    column = use.model.quantity.name if use.model.quantity else ""
    if column not in table:
        raise InputError("effects.quantity_missing", measure=use.model.name, column=column)
    return column


def _share(installed: pd.Series, alone: pd.Series) -> pd.Series:
    """Return the installed share of the lone quantity, per unit and for the whole area; 1 where that is 0."""
    units = installed.drop(WHOLE_AREA)
    share = (units / alone.where(alone > 0.0)).fillna(1.0)
    total = float(alone.sum())
    share[WHOLE_AREA] = float(units.sum()) / total if total > 0.0 else 1.0
    return share.clip(lower=0.0)
