"""Verification: recomputes a run's study in an empty store and compares all values."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from citybraid.core.catalogue import ensemble_design
from citybraid.core.errors import StoreError
from citybraid.store.store import Store
from citybraid.study.open.events import Emit, quiet
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

TOLERANCE = 1e-5
"""Relative tolerance for values computed on another machine [-]."""

DRAWN = "uncertainty"
BANDS = {
    "bands": (["zone", "indicator"], ["value", "low", "high", "mean"]),
    DRAWN: (["event", "draws"], ["median", "low", "high", "mean"]),
    "sobol": (["source"], ["total"]),
}
"""Tables of uncertainty: key columns, and compared columns."""


@dataclass(frozen=True)
class VerificationResult:
    """Number of values recomputed, relative differences beyond tolerance, and keys missing on one side or damaged.

    A damaged value is in the run, but its file does not match its checksum; it is set aside and computed again. An
    absent one is in the run, but its file is not in the store any more: there is nothing to compare with.
    """

    values: int
    differing: Mapping[str, float]
    missing: tuple[str, ...]
    damaged: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the run was reproduced."""
        return not (self.differing or self.missing or self.damaged or self.absent)


def verify(run: Run, study: OpenStudy, *, emit: Emit = quiet) -> VerificationResult:
    """Recompute the alternatives of a run and compare every value of every layer."""
    with tempfile.TemporaryDirectory(prefix="citybraid-") as folder:
        store = Store(Path(folder) / "store")
        recomputed = run_study(study, out=Path(folder) / "runs" / "001", store=store, emit=emit, baseline_only=True)
        shared = [name for name in run.alternatives if name in recomputed.alternatives]
        differing: dict[str, float] = {}
        missing, damaged, absent = list[str](), list[str](), list[str]()
        count = 0
        for alternative in shared:
            ours, theirs = run.layers(alternative), recomputed.layers(alternative)
            missing += [f"{alternative}:{name}" for name in sorted(set(ours) ^ set(theirs))]
            for name in sorted(set(ours) & set(theirs)):
                for label, layer in ours[name].items():
                    if label not in theirs[name]:
                        missing.append(f"{alternative}:{name}@{label}")
                        continue
                    if not run.store.has(layer.key):
                        absent.append(f"{alternative}:{name}@{label}")
                        continue
                    count += 1
                    off = _off(run, layer.key, recomputed.value(theirs[name][label]))
                    if off is None:
                        damaged.append(f"{alternative}:{name}@{label}")
                    elif off > TOLERANCE:
                        differing[f"{alternative}:{name}@{label}"] = off
            for name, (rows, ends) in BANDS.items():
                one, other = (each.table(f"{name}/{alternative}") for each in (run, recomputed))
                if (off := _bands_off(one, other, rows, [*ends, *_errors(name)])) > TOLERANCE:
                    differing[f"{alternative}:{name}"] = off
        return VerificationResult(count, differing, tuple(missing), tuple(damaged), tuple(absent))


def _errors(table: str) -> list[str]:
    """Return the column of a table with the error of an ensemble's draws against its runs."""
    design = ensemble_design()
    return [] if design is None or table != DRAWN else [design.error.name]


def _bands_off(one: pd.DataFrame | None, other: pd.DataFrame | None, rows: list[str], ends: list[str]) -> float:
    """Return the largest relative difference of two tables, 1 where their rows differ."""
    if one is None or other is None:
        return float((one is None) != (other is None))
    if not one[rows].equals(other[rows]):
        return 1.0
    return max((difference(one[end], other[end]) for end in ends), default=0.0)


def _off(run: Run, key: str, value: Any) -> float | None:
    try:
        stored = run.store.get(key)
    except StoreError:
        return None
    return difference(stored, value)


def difference(one: Any, other: Any) -> float:
    """Return the largest difference of two values relative to their magnitude; 1 where texts or shapes differ."""
    if isinstance(one, pd.Series) and one.dtype.kind not in "fiub":
        return 0.0 if list(one.astype(str)) == list(other.astype(str)) else 1.0
    if isinstance(one, str):
        return float(one != other)
    left = np.asarray(one.to_numpy() if isinstance(one, xr.DataArray | pd.Series) else one, dtype=np.float64)
    right = np.asarray(other.to_numpy() if isinstance(other, xr.DataArray | pd.Series) else other, dtype=np.float64)
    if left.shape != right.shape or (np.isnan(left) != np.isnan(right)).any():
        return 1.0
    if left.size == 0 or np.isnan(left).all():
        return 0.0
    size = float(np.nanmax(np.abs(left)))
    return float(np.nanmax(np.abs(left - right))) / size if size > 0 else float(np.nanmax(np.abs(right)))
