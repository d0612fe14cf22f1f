"""What stands where files state nothing: the rule, the value it gives, and what else may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LOW, HIGH = 0.05, 0.95
"""Ends of the range told for a filled number: it holds nine in ten of the values that are as likely [-]."""
NOBODY = -1
"""Who gave a value that no row of a file gave."""

Values = NDArray[Any]
Givers = NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """Filled rows of a column: by which rule, with which value, and which values are as likely.

    `method` (a text id) and `value` are by row; `likely` holds for each of these rows
    the same number of equally likely values (numbers or words), padded with NaN or '';
    `giver` says which row each of them comes from, so that rows that ask the same
    neighbour go up and down together. A row whose likely values are all its own value
    is one of which nothing more is known.
    """

    method: pd.Series
    value: pd.Series
    likely: Values
    giver: Givers

    @property
    def words(self) -> bool:
        """Whether values are words, not numbers."""
        return bool(self.likely.dtype == object)

    @property
    def rows(self) -> pd.Index:
        """The filled rows."""
        return self.value.index

    def ends(self) -> tuple[pd.Series, pd.Series]:
        """Return the 5 % and 95 % ends of what each number may be."""
        low, high = (
            np.nanquantile(self.likely.astype(np.float64), part, axis=1, method="nearest") for part in (LOW, HIGH)
        )
        value = self.value.to_numpy(np.float64)
        return (
            pd.Series(np.minimum(low, value), index=self.rows),
            pd.Series(np.maximum(high, value), index=self.rows),
        )

    def share(self) -> pd.Series:
        """Return how much of what is likely agrees with each word [-]: the votes for it."""
        known = self.likely != ""
        agreeing = (self.likely == self.value.to_numpy()[:, None]) & known
        return pd.Series(agreeing.sum(axis=1) / np.maximum(known.sum(axis=1), 1), index=self.rows)

    def at(self, rows: pd.Index) -> "Spread":
        """Return the spread of those of these rows that were filled."""
        kept = self.rows.get_indexer(rows.intersection(self.rows, sort=False))
        return Spread(self.method.iloc[kept], self.value.iloc[kept], self.likely[kept], self.giver[kept])

    def and_also(self, other: "Spread") -> "Spread":
        """Return the spread of both groups of rows."""
        width = max(self.likely.shape[1], other.likely.shape[1])
        return Spread(
            pd.concat([self.method, other.method]),
            pd.concat([self.value, other.value]),
            np.concatenate([padded(self.likely, width), padded(other.likely, width)]),
            np.concatenate([padded(self.giver, width), padded(other.giver, width)]),
        )


@dataclass(frozen=True)
class Draw:
    """Which of the likely values are taken: the rule's own where `number` is 0, else those of one draw of a seed."""

    number: int = 0
    seed: int = 1

    def of(self, spread: Spread, name: str) -> pd.Series:
        """Return a value for each filled row.

        A draw is a Bayesian bootstrap (Rubin 1981): every giver gets a weight that holds
        for the whole draw, and each row takes one of its likely values by these weights.
        So a neighbour that many rows ask moves all of them, and sums over many buildings
        do not come out surer than their givers are.
        """
        if self.number == 0 or not len(spread.rows):
            return spread.value
        chance = np.random.default_rng([self.seed, self.number, crc32(name.encode())])
        weights = chance.standard_exponential(int(spread.giver.max(initial=NOBODY)) + 1)
        waits = chance.standard_exponential(spread.likely.shape)
        held = spread.giver >= 0
        waits[held] /= weights[spread.giver[held]]
        waits[pd.isna(spread.likely) | (spread.likely == "")] = np.inf
        taken = spread.likely[np.arange(len(spread.rows)), waits.argmin(axis=1)]
        return pd.Series(taken, index=spread.rows, dtype=spread.value.dtype)


def padded(table: NDArray[Any], width: int) -> NDArray[Any]:
    """Return a table of likely values or givers filled up with nothing to a width."""
    if table.shape[1] == width:
        return table
    nothing: object = "" if table.dtype == object else NOBODY if table.dtype.kind == "i" else np.nan
    return np.pad(table, ((0, 0), (0, width - table.shape[1])), constant_values=nothing)  # type: ignore[call-overload, no-any-return]


def certain(method: str, value: pd.Series) -> Spread:
    """Return the spread of rows of which only the rule's value is known."""
    alone = value.to_numpy()[:, None]
    return Spread(_told(method, value), value, alone, np.full(alone.shape, NOBODY, dtype=np.int64))


def spread(method: str | pd.Series, value: pd.Series, likely: Values, giver: Givers) -> Spread:
    """Return the spread of rows; one without a single likely value keeps the rule's own."""
    none = (pd.isna(likely) | (likely == "")).all(axis=1)
    likely = likely.copy()
    likely[none, 0] = value.to_numpy()[none]
    told = method if isinstance(method, pd.Series) else _told(method, value)
    return Spread(told, value, likely, giver)


def _told(method: str, value: pd.Series) -> pd.Series:
    return pd.Series(method, index=value.index, dtype=object)


def middle(likely: Values) -> NDArray[np.float64]:
    """Return the median of each row's likely numbers, NaN where there is none."""
    found = np.full(len(likely), np.nan)
    some = np.isfinite(likely).any(axis=1)
    found[some] = np.nanmedian(likely[some], axis=1)
    return found


def number_error(stated: pd.Series, guess: Spread, *, within: float) -> Mapping[str, float | int]:
    """Return how far a rule is off on rows whose number is stated: median, mean, share within a bound, share held.

    `held` is the share [%] of them that lie in the range that the rule tells.
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
    """Return how often a rule is right on rows whose word is stated, and what its votes said that it would be [%]."""
    guess = guess.at(guess.rows[guess.value.ne("")])
    right = guess.value == stated.loc[guess.rows]
    if right.empty:
        return {"tested": 0}
    return {"tested": len(right), "right": 100.0 * float(right.mean()), "votes": 100.0 * float(guess.share().mean())}
