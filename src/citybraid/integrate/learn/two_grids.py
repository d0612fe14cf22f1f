"""How the screening grid follows the full one, from runs known on both, and effects corrected by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.learn.effects import EffectTable

Floats = NDArray[np.float64]
COVER = 2.0
"""Half-width of a band in standard deviations: about nineteen outcomes in twenty."""
TAIL = 0.975
"""Level of Student's quantile that stands in for it where few independent errors are known [-]."""
PRIOR = 0.002
"""Weight of the baseline in the slope: it counts as a run that changes an indicator by this share of its value [-]."""
FURTHEST = 3.0
"""Slope of the baseline beyond which, or below whose inverse, it is cut off [-]."""
PARTS = 0.01
"""Planning units' values that sum to the whole area's within this share are its parts [-]."""
TINY = 1e-9
"""Share of the largest change below which a change counts as none [-]."""


class Sample(NamedTuple):
    """A portfolio that ran on both grids: changes of every indicator, a row per unit and one for the whole area.

    Indicators that were not computed on one of the grids are NaN there. `amount` is its present cost. Of a portfolio
    that was `chosen` for what the screening grid promised of it, a change of the other sign tells of its measures, not
    of the grid: the slope is fitted without it.
    """

    full: pd.DataFrame
    screening: pd.DataFrame
    amount: float
    chosen: bool = False


@dataclass(frozen=True)
class Agreement:
    """How changes on the screening grid follow those on the full one, by indicator.

    `slope` is the change on the full grid per change on the screening grid. `variance` is that of what the slope
    leaves, per unit of change, NaN where no run tells; `cover` the half-width of a band in standard deviations;
    `floor` the largest that the slope leaves in the whole area of any run; `typical` the mean change on the full grid,
    `amount` the mean present cost of the runs. `weight` gives each unit's part in the whole area (1 where units'
    values are added up).
    """

    slope: pd.Series
    variance: pd.Series
    cover: pd.Series
    floor: pd.Series
    typical: pd.Series
    amount: float
    weight: pd.DataFrame

    def half(self, screening: pd.DataFrame, amount: float) -> pd.DataFrame:
        """Return the half-width of the band around slope times a change on the screening grid.

        Errors of places are taken as independent: their variance grows with the change. A portfolio that the
        screening grid does not see is given the size of the runs', by its cost. Where no run tells, the band is as
        wide as the change.
        """
        columns, units = screening.columns, screening.index.drop(WHOLE_AREA)
        slope, variance = (each.reindex(columns).to_numpy(np.float64) for each in (self.slope, self.variance))
        size = 2.0 * screening.abs().fillna(0.0) * slope
        weight = self.weight.reindex(index=units, columns=columns).to_numpy(np.float64)
        parts = (size.loc[units].to_numpy() * weight).sum(axis=0)
        share = min(1.0, amount / self.amount) if self.amount > 0.0 else 1.0
        typical, floor = (each.reindex(columns).to_numpy(np.float64) for each in (self.typical, self.floor))
        whole = np.maximum(np.maximum(parts, size.loc[WHOLE_AREA].to_numpy()), share * typical)
        blind = screening.loc[WHOLE_AREA].abs().fillna(0.0).to_numpy() <= TINY * typical
        rows = np.vstack([size.loc[units].to_numpy() / np.where(weight > 0.0, weight, 1.0), whole])
        half = self.cover.reindex(columns).to_numpy(np.float64) * np.sqrt(variance * rows)
        half[-1] = np.maximum(half[-1], np.where(blind & (amount > 0.0), floor, 0.0))
        unknown = slope * screening.abs().fillna(0.0).reindex([*units, WHOLE_AREA]).to_numpy()
        unknown[-1] = np.maximum(unknown[-1], np.where(blind & (amount > 0.0), floor, 0.0))
        half_width = np.where(np.isnan(variance), unknown, half)
        return pd.DataFrame(half_width, index=[*units, WHOLE_AREA], columns=columns).reindex(screening.index)

    def told(self, columns: pd.Index) -> pd.Series:
        """Tell of which indicators a run tells the error; the band of others is a guess to decide by, not to tell."""
        return pd.Series(self.variance.reindex(columns).notna())


def agreement(full: pd.DataFrame, screening: pd.DataFrame, samples: Sequence[Sample], areas: pd.Series) -> Agreement:
    """Fit how changes follow each other, from the baselines of both grids and the runs known on both.

    The slope is that of least squares through the origin over the whole area's changes, never below 0: where the
    grids disagree on the sign, the screening grid tells nothing. The ratio of the baselines stands in where no run
    changes an indicator, if units' values are its parts; an indicator equal on both grids has slope 1 and no error. A
    count that no run has moved on either grid, equal on both or not, may move by one.
    Errors of units count as independent where their values are the whole area's parts, else those of runs do.
    """
    units, columns = full.index.drop(WHOLE_AREA), full.columns
    coarse = screening.reindex(index=full.index, columns=columns)
    weight = _weights(full, areas.reindex(units))
    equal = np.isclose(full, coarse, rtol=1e-6, atol=0.0, equal_nan=True).all(axis=0)
    ratio = _baseline_slope(full, coarse)
    ends = [_whole(sample, columns) for sample in samples]
    slope = _slope(ends, ratio, PRIOR * _size(full, coarse))
    left = np.zeros(len(columns))
    seen = np.zeros(len(columns), dtype=np.bool_)
    above, below = np.zeros(len(columns)), np.zeros(len(columns))
    runs = np.zeros(len(columns), dtype=np.int64)
    for number, (sample, (fine, rough)) in enumerate(zip(samples, ends, strict=True)):
        seen |= (fine != 0.0) | (rough != 0.0)
        left = np.maximum(left, np.abs(fine - slope * rough))
        error, size = _by_unit(sample, slope, weight)
        others = _slope(ends[:number] + ends[number + 1 :], ratio, PRIOR * _size(full, coarse))
        lone = size == 0.0
        runs += ~lone
        above += np.where(lone, (fine - others * rough) ** 2, error)
        below += np.where(lone, np.abs(fine) + np.abs(others * rough), size)
    variance = np.divide(above, below, out=np.full(len(columns), np.nan), where=below > 0.0)
    known = seen | equal
    variance = np.where(equal & ~seen, 0.0, np.where(known, np.nan_to_num(variance), np.nan))
    left = np.where(~seen & _counted(full), 1.0, left)
    typical = np.mean([np.abs(fine) for fine, _ in ends], axis=0) if ends else np.zeros(len(columns))
    cover = np.where(_added(full) | (runs < 1), COVER, np.maximum(stdtrit(np.maximum(runs, 1), TAIL), COVER))
    by = {"slope": slope, "variance": variance, "cover": cover, "floor": left, "typical": typical}
    amount = float(np.mean([sample.amount for sample in samples])) if samples else 0.0
    return Agreement(**{name: pd.Series(each, index=columns) for name, each in by.items()}, amount=amount,
                     weight=weight)  # fmt: skip


def corrected(
    effects: EffectTable, base: pd.DataFrame, fit: Agreement, alone: Mapping[str, pd.DataFrame]
) -> EffectTable:
    """Return effects of the screening grid as they are expected on the full one, whose baseline is given.

    Measures that ran `alone` on the full grid have the changes of these runs.
    """
    slope = fit.slope.reindex(effects.base.columns)
    single = {
        name: replace(each, change=alone[name] if name in alone else each.change * slope)
        for name, each in effects.single.items()
    }
    pair = {
        names: replace(each, change=each.change * slope, interaction=each.interaction * slope)
        for names, each in effects.pair.items()
    }
    full = base.reindex(index=effects.base.index, columns=effects.base.columns)
    return replace(effects, base=full, single=single, pair=pair)


def _whole(sample: Sample, columns: pd.Index) -> tuple[Floats, Floats]:
    """Return a run's changes of the whole area on both grids, 0 where either is not known."""
    fine, rough = (
        each.reindex(columns=columns).loc[WHOLE_AREA].to_numpy(np.float64) for each in (sample.full, sample.screening)
    )
    usable = np.isfinite(fine) & np.isfinite(rough)
    if sample.chosen:
        usable &= ~(fine * rough < 0.0)
    return np.where(usable, fine, 0.0), np.where(usable, rough, 0.0)


def _slope(ends: Sequence[tuple[Floats, Floats]], ratio: Floats, prior: Floats) -> Floats:
    above, below = ratio * prior**2, prior**2
    for fine, rough in ends:
        above, below = above + fine * rough, below + rough**2
    return np.asarray(np.clip(np.divide(above, below, out=ratio.copy(), where=below > 0.0), 0.0, None))


def _size(full: pd.DataFrame, screening: pd.DataFrame) -> Floats:
    rows = np.stack([each.loc[WHOLE_AREA].to_numpy(np.float64) for each in (full, screening)])
    return np.asarray(np.nan_to_num(np.abs(rows)).max(axis=0), dtype=np.float64)


def _baseline_slope(full: pd.DataFrame, screening: pd.DataFrame) -> Floats:
    """Return the ratio of the baselines where units' values are added up, else 1."""
    fine, rough = (each.loc[WHOLE_AREA].to_numpy(np.float64) for each in (full, screening))
    known = _added(full) & (fine * rough > 0.0)
    ratio = np.divide(fine, rough, out=np.ones_like(fine), where=known)
    return np.asarray(np.clip(ratio, 1.0 / FURTHEST, FURTHEST), dtype=np.float64)


def _added(full: pd.DataFrame) -> NDArray[np.bool_]:
    total = full.loc[WHOLE_AREA].to_numpy(np.float64)
    units = full.drop(WHOLE_AREA)
    summed = units.sum().to_numpy(np.float64)
    return np.asarray(units.notna().any().to_numpy() & (np.abs(summed - total) <= PARTS * np.abs(total)))


def _counted(full: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which indicators are counts: whole numbers above 0 in the whole area and in every unit that has one."""
    values = full.to_numpy(np.float64)
    whole = np.isnan(values) | (np.abs(values - np.round(values)) <= TINY)
    return np.asarray(whole.all(axis=0) & (np.nan_to_num(values[list(full.index).index(WHOLE_AREA)]) > 0.0))


def _weights(full: pd.DataFrame, areas: pd.Series) -> pd.DataFrame:
    """Return the part of each unit's value in the whole area's: 1 where they are added up, else the share of area."""
    units = full.index.drop(WHOLE_AREA)
    share = (areas / areas.sum()).fillna(1.0 / max(len(units), 1)).to_numpy(np.float64)
    frame = np.where(_added(full)[None, :], 1.0, share[:, None])
    return pd.DataFrame(frame, index=units, columns=full.columns)


def _by_unit(sample: Sample, slope: Floats, weight: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the squares of what the slope leaves of a run's changes in the units, and the changes, both summed."""
    fine, rough = (
        each.reindex(index=weight.index, columns=weight.columns).to_numpy(np.float64) * weight.to_numpy()
        for each in (sample.full, sample.screening)
    )
    both = np.isfinite(fine) & np.isfinite(rough)
    fine, rough = np.where(both, fine, 0.0), np.where(both, rough, 0.0)
    return ((fine - slope * rough) ** 2).sum(axis=0), (np.abs(fine) + np.abs(slope * rough)).sum(axis=0)
