"""Ground floor heights of buildings: stated ones, else factor rows by use, age and region."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, Resolved
from citybraid.core.spread import has_distribution, value_at
from citybraid.core.var import Factors, View

Floats = NDArray[np.float64]
FACTOR = "ground_floor_height"
ANY = "any"
"""Use of the rows for uses without one of their own."""
Vintages = tuple[tuple[float, str], ...]
"""First year of construction and key of each row of a use, the earliest first."""


def floor_heights(buildings: View, heights: Factors, *, level: float | None = None) -> Floats:
    """Return the ground floor of each building above the ground outside [m].

    `floor_height` where the building has it, else the row of its use: "residential", or "residential/1990" for
    buildings completed in 1990 or later; "any" where the use has none. A user's rows win over shipped ones. With a
    probability level the rows have their quantile instead of their value. Raises InputError where no row fits.
    """
    stated = optional_column(buildings, "floor_height")
    keys = _row_keys(buildings, heights)
    height = {key: _height(heights, key, level) for key in set(keys)}
    return np.where(np.isfinite(stated), stated, np.array([height[key] for key in keys], np.float64))


def height_rows(heights: Factors) -> tuple[Factor, ...]:
    """Return the factor rows of floor heights."""
    return tuple(heights.rows.values()) if isinstance(heights, Resolved) else ()


def heights_vary(heights: Factors) -> bool:
    """Tell whether any row of floor heights states a spread."""
    return any(map(has_distribution, height_rows(heights)))


def optional_column(buildings: View, name: str) -> Floats:
    """Return a column of the buildings, NaN where they have none."""
    if name not in buildings.columns:
        return np.full(len(buildings), np.nan)
    column: Floats = buildings[name].to_numpy(np.float64)
    return column


def _row_keys(buildings: View, heights: Factors) -> list[str]:
    """Return the key of the row that holds for each building."""
    tiers = _tiers(heights)
    uses = buildings["building_use"].astype(str)
    years = optional_column(buildings, "year_built")
    known: dict[tuple[str, float], str] = {}
    keys = []
    for use, year in zip(uses, np.nan_to_num(years, nan=-np.inf), strict=True):
        if (use, year) not in known:
            known[use, year] = _row_key(use, year, tiers)
        keys.append(known[use, year])
    return keys


def _row_key(use: str, year: float, tiers: tuple[Mapping[str, Vintages], ...]) -> str:
    for rows in tiers:
        for name in (use, ANY):
            if fitting := [key for first, key in rows.get(name, ()) if first <= year]:
                return fitting[-1]
    raise InputError("risk.no_floor_height", factor=FACTOR, use=use)


def _tiers(heights: Factors) -> tuple[Mapping[str, Vintages], ...]:
    """Return the rows by use, the user's first, then the shipped ones."""
    shipped = {row.key for row in height_rows(heights) if row.origin == "citybraid"}
    return tuple(
        {use: _vintages(keys, use) for use in {key.partition("/")[0] for key in keys}}
        for keys in ([key for key in heights if key not in shipped], [key for key in heights if key in shipped])
    )


def _vintages(keys: list[str], use: str) -> Vintages:
    return tuple(sorted((_first_year(key), key) for key in keys if key.partition("/")[0] == use))


def _first_year(key: str) -> float:
    """Return the first year of construction in a key, minus infinity where it names none."""
    _, _, year = key.partition("/")
    if not year:
        return -np.inf
    try:
        return float(int(year))
    except ValueError as fault:
        raise InputError("risk.floor_height_year", factor=FACTOR, key=key) from fault


def _height(heights: Factors, key: str, level: float | None) -> float:
    if level is None or not isinstance(heights, Resolved):
        return heights[key]
    return float(value_at(heights.rows[key], np.array([level]))[0])
