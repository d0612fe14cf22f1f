"""Donor selection for imputation: nearest rows of the same kind, else a sample of the kind, else of all rows."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from citybraid.sources.protocol.imputation import NO_DONOR, DonorIndices
from citybraid.sources.protocol.rules import Neighbourhood

FEWEST = 3
"""Minimum number of donors of the same kind within the radius."""
TESTED = 2000
"""Maximum number of rows with a stated value on which a rule is tested, evenly spaced in the table."""


class DonorSelection(NamedTuple):
    """Donors of each row (positions in the table, padded with NOBODY), and the selection level: 0, 1 or 2.

    0: same kind within the radius; 1: same kind anywhere; 2: any kind anywhere.
    """

    givers: DonorIndices
    how: NDArray[np.int64]


def centres(shapes: pd.Series) -> NDArray[np.float64]:
    """Return the centroids of shapes as an array of x and y, shape (n, 2) [m]."""
    return shapely.get_coordinates(shapely.centroid(shapes.to_numpy()))


def select_donors(
    points: NDArray[np.float64], kinds: pd.Series, known: pd.Series, asking: pd.Series, *, near: Neighbourhood,
    order: pd.Series | None = None, fewest: int = FEWEST,
) -> DonorSelection:  # fmt: skip
    """Return the donors of each asking row among the known rows, never the row itself.

    `points` [m], `kinds`, `known` and `asking` are by row of the full table. Where fewer
    than `fewest` known rows of the same kind are within the radius, the donors are an
    evenly spaced sample of that kind, sorted by `order`; where none is of the kind, a
    sample of all known rows.
    """
    known_rows, asking_rows = np.flatnonzero(known.to_numpy()), np.flatnonzero(asking.to_numpy())
    if order is not None:
        known_rows = known_rows[np.argsort(order.to_numpy(dtype=np.float64)[known_rows], kind="stable")]
    names = kinds.to_numpy().astype(str)
    donors = np.full((len(asking_rows), near.most), NO_DONOR, dtype=np.int64)
    how = np.full(len(asking_rows), 2, dtype=np.int64)
    for name in np.unique(names[asking_rows]):
        recipients = np.flatnonzero(names[asking_rows] == name)
        same_kind = known_rows[names[known_rows] == name]
        if len(same_kind):
            donors[recipients], how[recipients] = _nearest(
                points, same_kind, asking_rows[recipients], near=near, fewest=fewest
            )
    without_donor = (donors == NO_DONOR).all(axis=1)
    donors[without_donor], how[without_donor] = _sample(known_rows, asking_rows[without_donor], near.most), 2
    return DonorSelection(donors, how)


def test_rows(known: pd.Series) -> pd.Series:
    """Return a mask of the rows on which a rule is tested: all with a stated value, or an even sample."""
    rows = np.flatnonzero(known.to_numpy())
    chosen = np.zeros(len(known), dtype=bool)
    chosen[_evenly(rows, TESTED)] = True
    return pd.Series(chosen, index=known.index)


def donor_values(values: pd.Series, givers: DonorIndices) -> NDArray[np.float64]:
    """Return the stated numbers of the donors of each row, NaN where there is no donor."""
    return np.append(values.to_numpy(dtype=np.float64), np.nan)[givers]


def _nearest(
    points: NDArray[np.float64],
    candidates: NDArray[np.int64],
    recipients: NDArray[np.int64],
    *,
    near: Neighbourhood,
    fewest: int,
) -> tuple[DonorIndices, NDArray[np.int64]]:
    from scipy.spatial import cKDTree

    # one neighbour more than needed: a known row finds itself at distance 0
    _, neighbours = cKDTree(points[candidates]).query(
        points[recipients], k=near.most + 1, distance_upper_bound=near.radius
    )
    donors = np.append(candidates, NO_DONOR)[neighbours.reshape(len(recipients), near.most + 1)]
    donors = _without_self(donors, recipients)[:, : near.most]
    isolated = (donors >= 0).sum(axis=1) < fewest
    donors[isolated] = _sample(candidates, recipients[isolated], near.most)
    return donors, isolated.astype(np.int64)


def _without_self(donors: NDArray[np.int64], recipients: NDArray[np.int64]) -> DonorIndices:
    """Remove each row from its own donors; the others keep their order, padding comes last."""
    masked = np.broadcast_to(donors, (len(recipients), donors.shape[-1]))
    masked = np.where(masked == recipients[:, None], NO_DONOR, masked)
    order = np.argsort(masked == NO_DONOR, axis=1, kind="stable")
    return np.take_along_axis(masked, order, axis=1)


def _sample(rows: NDArray[np.int64], recipients: NDArray[np.int64], most: int) -> DonorIndices:
    """Return an even sample of the rows for each recipient, without itself, padded with NOBODY."""
    donors = np.full(most + 1, NO_DONOR, dtype=np.int64)
    chosen = _evenly(rows, most)
    donors[: len(chosen)] = chosen
    return _without_self(donors, recipients)[:, :most]


def _evenly(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most `most` rows, evenly spaced."""
    if len(rows) <= most:
        return rows
    return rows[((np.arange(most) + 0.5) * len(rows) / most).astype(np.int64)]
