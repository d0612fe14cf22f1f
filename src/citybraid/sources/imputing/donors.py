"""Who is asked for what a row does not state: the nearest of its kind, else a sample of its kind, else of all."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from citybraid.sources.protocol.imputation import NOBODY, Givers
from citybraid.sources.protocol.rules import Near

FEWEST = 3
"""Givers of the same kind near by from which they are asked."""
TESTED = 2000
"""Rows with a stated value on which a rule is tested, at most, evenly taken from the table."""


class Asked(NamedTuple):
    """Who is asked by each row (positions in the table, NOBODY where fewer), and how near they are: 0, 1 or 2.

    0: near by and of the same kind; 1: of the same kind anywhere; 2: of any kind anywhere.
    """

    givers: Givers
    how: NDArray[np.int64]


def centres(shapes: pd.Series) -> NDArray[np.float64]:
    """Return the centroids of shapes as a table of x and y [m]."""
    return shapely.get_coordinates(shapely.centroid(shapes.to_numpy()))


def givers(
    points: NDArray[np.float64], kinds: pd.Series, known: pd.Series, asking: pd.Series, *, near: Near,
    order: pd.Series | None = None, fewest: int = FEWEST,
) -> Asked:  # fmt: skip
    """Return whom each asking row asks among the rows that are known, never itself.

    `points` [m], `kinds`, `known` and `asking` are by row of the whole table. Where
    fewer than `fewest` of the same kind are known within the radius, an even sample of
    that kind is asked, taken in the `order` of these numbers; where none is of the
    kind, a sample of all.
    """
    have, ask = np.flatnonzero(known.to_numpy()), np.flatnonzero(asking.to_numpy())
    if order is not None:
        have = have[np.argsort(order.to_numpy(dtype=np.float64)[have], kind="stable")]
    names = kinds.to_numpy().astype(str)
    found = np.full((len(ask), near.most), NOBODY, dtype=np.int64)
    how = np.full(len(ask), 2, dtype=np.int64)
    for name in np.unique(names[ask]):
        here = np.flatnonzero(names[ask] == name)
        there = have[names[have] == name]
        if len(there):
            found[here], how[here] = _nearest(points, there, ask[here], near=near, fewest=fewest)
    alone = (found == NOBODY).all(axis=1)
    found[alone], how[alone] = _sample(have, ask[alone], near.most), 2
    return Asked(found, how)


def tested(known: pd.Series) -> pd.Series:
    """Return which of the rows with a stated value a rule is tested on: all, or an even sample of the table."""
    rows = np.flatnonzero(known.to_numpy())
    chosen = np.zeros(len(known), dtype=bool)
    chosen[_even(rows, TESTED)] = True
    return pd.Series(chosen, index=known.index)


def given(values: pd.Series, givers: Givers) -> NDArray[np.float64]:
    """Return the numbers that the givers of each row state, NaN where nobody is asked."""
    return np.append(values.to_numpy(dtype=np.float64), np.nan)[givers]


def _nearest(
    points: NDArray[np.float64], there: NDArray[np.int64], ask: NDArray[np.int64], *, near: Near, fewest: int
) -> tuple[Givers, NDArray[np.int64]]:
    from scipy.spatial import cKDTree

    _, at = cKDTree(points[there]).query(points[ask], k=near.most + 1, distance_upper_bound=near.radius)
    found = np.append(there, NOBODY)[at.reshape(len(ask), near.most + 1)]
    found = _without(found, ask)[:, : near.most]
    lonely = (found >= 0).sum(axis=1) < fewest
    found[lonely] = _sample(there, ask[lonely], near.most)
    return found, lonely.astype(np.int64)


def _without(found: NDArray[np.int64], ask: NDArray[np.int64]) -> Givers:
    """Take each row out of those it asks; the others keep their order, nobody comes last."""
    wide = np.broadcast_to(found, (len(ask), found.shape[-1]))
    wide = np.where(wide == ask[:, None], NOBODY, wide)
    order = np.argsort(wide == NOBODY, axis=1, kind="stable")
    return np.take_along_axis(wide, order, axis=1)


def _sample(rows: NDArray[np.int64], ask: NDArray[np.int64], most: int) -> Givers:
    """Return an even sample of the rows for each that asks, without itself, padded with nobody."""
    found = np.full(most + 1, NOBODY, dtype=np.int64)
    chosen = _even(rows, most)
    found[: len(chosen)] = chosen
    return _without(found, ask)[:, :most]


def _even(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most so many rows, evenly from all."""
    if len(rows) <= most:
        return rows
    return rows[((np.arange(most) + 0.5) * len(rows) / most).astype(np.int64)]
