"""Floor area of each year: what stands of the present vintages, what replaces it, and what the plan adds."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Factors
from citybraid.kernels.carbon.stock import lifetime, turnover

Array = NDArray[np.float64]


class FloorArea(NamedTuple):
    """Floor area of each year; `kept` and `added` are shares by building, `error` what the balance is off, over all."""

    kept: Array
    """Share of each building of the start that still stands; 1 for the plan's new ones. (buildings, years)."""
    added: Array
    """Share of each of the plan's new buildings that is complete; 1 for those of the start. (buildings, years)."""
    stock: Array
    built: Array
    demolished: Array
    built_by_use: dict[str, Array]
    demolished_by_use: dict[str, Array]
    error: float


def floor_area_by_year(buildings: pd.DataFrame, years: Array, life: Factors) -> FloorArea:
    """Return the turnover of the stock by use.

    Buildings of the start survive by the lifetime of their use, given that they stand; what is torn down is replaced by
    the same floor area. Protected ones stand for ever. The plan's new buildings (completed after the start) are added
    evenly up to their year.
    Raises InputError where a year or a floor area is unknown.
    """
    area, year = (buildings[name].to_numpy(dtype=np.float64) for name in ("floor_area", "year_built"))
    for name, values in (("floor_area", area), ("year_built", year)):
        if (unknown := ~np.isfinite(values)).any():
            raise InputError("embodied.attribute", column=name, count=int(unknown.sum()))
    planned = year > years[0]
    added = np.ones((len(buildings), years.size))
    added[planned] = np.clip((years - years[0]) / (year[planned, None] - years[0]), 0.0, 1.0)
    kept = np.ones_like(added)
    protected = _protected(buildings) & ~planned
    uses = buildings["building_use"].astype(str).to_numpy()
    totals = np.zeros((3, years.size))
    by_use: tuple[dict[str, Array], dict[str, Array]] = ({}, {})
    for use in sorted(set(uses)):
        of_use = (uses == use) & ~protected
        here = of_use & ~planned
        target = area[of_use] @ added[of_use]
        mean = life.get(use, life["any"])
        vintages, of = np.unique(year[here], return_inverse=True)
        sums = np.bincount(of, weights=area[here], minlength=vintages.size).astype(np.float64)
        areas = turnover(
            sums, target, np.asarray(years[0] - vintages, dtype=np.float64), lifetime(mean, life["spread"])
        )
        kept[here] = (areas.surviving / np.where(sums > 0.0, sums, 1.0)[:, None])[of]
        by_use[0][use], by_use[1][use] = areas.built, areas.demolished
        totals += (areas.stock + area[(uses == use) & protected].sum(), areas.built, areas.demolished)
    off = np.abs(np.diff(totals[0]) - totals[1, 1:] + totals[2, 1:]).sum()
    stock, built, demolished = totals
    error = float(off / stock.sum()) if stock.sum() > 0.0 else 0.0
    return FloorArea(kept, added, stock, built, demolished, *by_use, error)


def _protected(buildings: pd.DataFrame) -> NDArray[np.bool_]:
    if "heritage" not in buildings:
        return np.zeros(len(buildings), dtype=np.bool_)
    return np.asarray(buildings["heritage"].to_numpy(dtype=np.float64) > 0.0)
