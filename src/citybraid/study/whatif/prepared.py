"""What the answers of a sample start from, made once and kept in the store.

These are the fits without each edit, and what models compute for each of the plan's own buildings and blocks, most of
which an edit leaves as they are.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from citybraid.core.errors import StoreError
from citybraid.core.layer import digest
from citybraid.core.remembered import RowsByFunction, remember_rows, rows_asked
from citybraid.core.step import Step
from citybraid.integrate.learn.conformal import Fits, Surrogate
from citybraid.store.store import Store
from citybraid.study.whatif.bench import Bench

VERSION = 2
"""Raised when what is kept changes its form."""


def fitted(store: Store, surrogate: Surrogate) -> Surrogate:
    """Return a surrogate with its fits: those that are kept, else they are made and kept."""
    key = digest("what_if.fits", VERSION, surrogate.key)
    if store.has(key):
        edits, responses = len(surrogate.responses), int(surrogate.known.sum())
        with contextlib.suppress(StoreError):  # a damaged one is set aside
            numbers = store.get(key).to_numpy(np.float64)
            return replace(surrogate, kept=Fits.of_flat(numbers, edits=edits, responses=responses))
    _keep(store, {key: pd.Series(surrogate.fits.flat())})
    return surrogate


def remember(bench: Bench, steps: Iterable[Step]) -> None:
    """Have models remember the rows of Steps: those that are kept, else they are computed and kept."""
    store = bench.engine.store
    for step in steps:
        key = digest("what_if.rows", VERSION, step.key)
        rows = _kept_rows(store, key)
        if rows is not None:
            remember_rows(rows)
            continue
        with rows_asked() as rows_read:
            bench.engine.rehearse(step)
        _keep_rows(store, key, rows_read)


def _kept_rows(store: Store, key: str) -> RowsByFunction | None:
    """Return the rows that are kept of a Step, None where some are not."""
    record = store.noted(key)
    if record is None:
        return None
    kept: RowsByFunction = {}
    try:
        for name in record["functions"]:
            keys, numbers = (store.get(digest(key, name, part)).to_numpy() for part in ("keys", "rows"))
            rows = numbers.astype(np.float64).reshape(len(keys), -1)
            kept[name] = {bytes.fromhex(each): row for each, row in zip(keys, rows, strict=True)}
    except StoreError:
        return None
    return kept


def _keep_rows(store: Store, key: str, rows: RowsByFunction) -> None:
    values: dict[str, pd.Series] = {}
    for name, known in rows.items():
        values[digest(key, name, "keys")] = pd.Series([each.hex() for each in known], dtype=object)
        values[digest(key, name, "rows")] = pd.Series(np.concatenate(list(known.values())))
    if _keep(store, values):
        store.note(key, {"functions": list(rows)})


def _keep(store: Store, values: dict[str, pd.Series]) -> bool:
    """Store values; tell whether that was possible: an answer does not need it."""
    try:
        for key, value in values.items():
            store.put(key, value)
    except StoreError:
        return False
    return True
