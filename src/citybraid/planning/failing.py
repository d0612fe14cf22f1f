"""One page first: which parcels fail, and why."""

from typing import NamedTuple

import pandas as pd


class Failing(NamedTuple):
    """A parcel that fails: the controls it misses, the worst first."""

    parcel: str
    controls: tuple[str, ...]
    score: float


def failing_parcels(table: pd.DataFrame, *, most: int = 5) -> tuple[Failing, ...]:
    """Return the parcels that fail most, from a control table.

    Parcels are ordered by the number of binding controls they miss, then by the sum of
    what they miss as shares of the limits, then by id.
    """
    missed = table[table["state"] == "failed"]
    found = [
        Failing(
            str(parcel),
            tuple(rows.sort_values("excess", ascending=False)["control"]),
            float(rows["binding"].sum()) + float(rows["excess"].clip(upper=10.0).sum()) / 1000.0,
        )
        for parcel, rows in missed.groupby("parcel", sort=True)
    ]
    return tuple(sorted(found, key=lambda row: (-row.score, row.parcel))[:most])
