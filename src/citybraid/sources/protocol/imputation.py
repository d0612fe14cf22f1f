"""Imputed values where files state none: the rule, its value, and the equally likely alternatives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LOW, HIGH = 0.05, 0.95
"""Quantiles of the reported range of an imputed number: 90 % of its equally likely values lie inside [-]."""
NO_DONOR = -1
"""Donor of a value that comes from no row of a file."""

Values = NDArray[Any]
DonorIndices = NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """Imputed rows of a column: the rule, the value, and the equally likely values.

    `method` (a text id) and `value` are by row; `likely` holds for each of these rows
    the same number of equally likely values (numbers or words), padded with NaN or '';
    `giver` is the donor row of each of them, so that rows with the same donor vary
    together. A row whose likely values all equal its value has no known uncertainty.
    """

    method: pd.Series
    value: pd.Series
    likely: Values
    giver: DonorIndices

    @property
    def words(self) -> bool:
        """Whether values are words, not numbers."""
        return bool(self.likely.dtype == object)

    @property
    def rows(self) -> pd.Index:
        """Index of the imputed rows."""
        return self.value.index

    def ends(self) -> tuple[pd.Series, pd.Series]:
        """Return the 5 % and 95 % quantiles of each row's likely numbers, widened to include its value."""
        low, high = (
            np.nanquantile(self.likely.astype(np.float64), part, axis=1, method="nearest") for part in (LOW, HIGH)
        )
        value = self.value.to_numpy(np.float64)
        return (
            pd.Series(np.minimum(low, value), index=self.rows),
            pd.Series(np.maximum(high, value), index=self.rows),
        )

    def share(self) -> pd.Series:
        """Return the share of each row's likely words that agree with its word [-]: the votes for it."""
        known = self.likely != ""
        agreeing = (self.likely == self.value.to_numpy()[:, None]) & known
        return pd.Series(agreeing.sum(axis=1) / np.maximum(known.sum(axis=1), 1), index=self.rows)

    def at(self, rows: pd.Index) -> "Spread":
        """Return the spread restricted to these rows, where they were imputed."""
        positions = self.rows.get_indexer(rows.intersection(self.rows, sort=False))
        return Spread(
            self.method.iloc[positions], self.value.iloc[positions], self.likely[positions], self.giver[positions]
        )

    def and_also(self, other: "Spread") -> "Spread":
        """Return the concatenated spread of two groups of rows."""
        width = max(self.likely.shape[1], other.likely.shape[1])
        return Spread(
            pd.concat([self.method, other.method]),
            pd.concat([self.value, other.value]),
            np.concatenate([padded(self.likely, width), padded(other.likely, width)]),
            np.concatenate([padded(self.giver, width), padded(other.giver, width)]),
        )


@dataclass(frozen=True)
class Draw:
    """Which likely values to use: the rule's own where `number` is 0, else those of one seeded draw."""

    number: int = 0
    seed: int = 1

    def of(self, spread: Spread, name: str) -> pd.Series:
        """Return a value for each imputed row.

        A draw is a Bayesian bootstrap (Rubin 1981): every donor gets one weight for the
        whole draw, and each row samples one of its likely values by these weights. So a
        donor shared by many rows moves all of them, and the uncertainty of sums over many
        buildings is not understated.
        """
        if self.number == 0 or not len(spread.rows):
            return spread.value
        rng = np.random.default_rng([self.seed, self.number, crc32(name.encode())])
        weights = rng.standard_exponential(int(spread.giver.max(initial=NO_DONOR)) + 1)
        # exponential race: the smallest of Exp(1) / weight is a weighted random choice per row
        times = rng.standard_exponential(spread.likely.shape)
        has_donor = spread.giver >= 0
        times[has_donor] /= weights[spread.giver[has_donor]]
        times[pd.isna(spread.likely) | (spread.likely == "")] = np.inf
        values = spread.likely[np.arange(len(spread.rows)), times.argmin(axis=1)]
        return pd.Series(values, index=spread.rows, dtype=spread.value.dtype)


def padded(table: NDArray[Any], width: int) -> NDArray[Any]:
    """Return an array of likely values or donors padded to a number of columns."""
    if table.shape[1] == width:
        return table
    nothing: object = "" if table.dtype == object else NO_DONOR if table.dtype.kind == "i" else np.nan
    return np.pad(table, ((0, 0), (0, width - table.shape[1])), constant_values=nothing)  # type: ignore[call-overload, no-any-return]


def fixed_value_spread(method: str, value: pd.Series) -> Spread:
    """Return a spread with the rule's value as the only likely value."""
    likely = value.to_numpy()[:, None]
    return Spread(_repeated(method, value), value, likely, np.full(likely.shape, NO_DONOR, dtype=np.int64))


def spread(method: str | pd.Series, value: pd.Series, likely: Values, giver: DonorIndices) -> Spread:
    """Return the spread of rows; a row without likely values gets the rule's own value."""
    none = (pd.isna(likely) | (likely == "")).all(axis=1)
    likely = likely.copy()
    likely[none, 0] = value.to_numpy()[none]
    methods = method if isinstance(method, pd.Series) else _repeated(method, value)
    return Spread(methods, value, likely, giver)


def _repeated(method: str, value: pd.Series) -> pd.Series:
    return pd.Series(method, index=value.index, dtype=object)


def row_median(likely: Values) -> NDArray[np.float64]:
    """Return the median of each row's likely numbers, NaN where there is none."""
    medians = np.full(len(likely), np.nan)
    known = np.isfinite(likely).any(axis=1)
    medians[known] = np.nanmedian(likely[known], axis=1)
    return medians


def number_error(stated: pd.Series, guess: Spread, *, within: float) -> Mapping[str, float | int]:
    """Return the error of a rule on rows with a stated number: median, mean, share within a bound, coverage.

    `held` is the coverage: the share [%] of stated numbers inside the rule's range.
    """
    guess = guess.at(guess.rows[guess.value.notna()])
    known = stated.loc[guess.rows].astype(float)
    if known.empty:
        return {"tested": 0}
    off = (guess.value.astype(float) - known).abs()
    low, high = guess.ends()
    return {
        "tested": len(known), "median": float(off.median()), "mean": float(off.mean()), "bound": within,
        "within": 100.0 * float((off <= within).mean()), "held": 100.0 * float(known.between(low, high).mean()),
    }  # fmt: skip


def word_error(stated: pd.Series, guess: Spread) -> Mapping[str, float | int]:
    """Return a rule's hit rate on rows with a stated word, and the hit rate its votes predict [%]."""
    guess = guess.at(guess.rows[guess.value.ne("")])
    right = guess.value == stated.loc[guess.rows]
    if right.empty:
        return {"tested": 0}
    return {"tested": len(right), "right": 100.0 * float(right.mean()), "votes": 100.0 * float(guess.share().mean())}
