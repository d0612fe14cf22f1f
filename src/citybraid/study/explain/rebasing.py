"""A run computed again with other values of factors: which rows change, and what moved, down to the parcel."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core import factor
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import Factor
from citybraid.core.layer import Layer
from citybraid.store.store import Store
from citybraid.study.explain.comparison import compare
from citybraid.study.open.events import Emit, quiet
from citybraid.study.open.open_study import OpenStudy, asked_by, open_study
from citybraid.study.open.schema import read
from citybraid.study.run.manifest import FactorRow
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

ORIGIN = "rebase"
ROUNDING = 1e-6
"""Values that stay below this, in their unit, are sums of nothing: losses of a park without batteries."""
TABLES = ("rebased_factors", "moved_indicators", "moved_numbers", "moved_parcels")
SHOWN = 12


class Change(NamedTuple):
    """A factor row of a run and the row that replaces it."""

    before: FactorRow
    after: Factor


@dataclass(frozen=True)
class Rebased:
    """The new run, its changed factors, and the indicators, single numbers and parcels that moved.

    `rechosen` tells that the portfolio, chosen again with the new factors, is another one.
    """

    run: Run
    factors: pd.DataFrame
    indicators: pd.DataFrame
    numbers: pd.DataFrame
    parcels: pd.DataFrame
    rechosen: bool = False


def study_of(run: Run, *, path: Path | None = None, data: Path | None = None) -> OpenStudy:
    """Return the study of a run, from the file given, else the one beside the run's store that still asks the same.

    Raises InputError where the study file has changed since, so that more than factors would differ.
    """
    folder = run.store.folder.parent.parent
    candidates = (
        [path] if path is not None else sorted({*folder.glob("*.toml"), *run.folder.parent.parent.glob("*.toml")})
    )
    for each in candidates:
        try:
            if run.manifest.asked in (asked_by(each), read(each)):
                return open_study(each, data=data)
        except PlanError:
            if path is not None:
                raise
    raise InputError("rebase.study_changed", run=run.folder.name, files=[each.name for each in candidates] or ["-"])


def changes(run: Run, study: OpenStudy, wanted: Sequence[str]) -> tuple[Change, ...]:
    """Return the changes asked for as NAME=VALUE, NAME/KEY=VALUE or a table FILE.csv.

    Raises InputErrors where a factor or key is unknown, no Step of the run reads it, or a value is no number.
    """
    used = _used(run)
    moved: list[Change] = []
    problems: list[PlanError] = []
    for text in wanted:
        try:
            moved += _changes(text, used, study, run)
        except InputErrors as fault:
            problems += fault.problems
        except PlanError as fault:
            problems.append(fault)
    twice = [f"{each.after.factor}/{each.after.key}" for each in moved]
    problems += [InputError("rebase.twice", name=name) for name in sorted({n for n in twice if twice.count(n) > 1})]
    if problems:
        raise InputErrors(problems)
    return tuple(moved)


def rebase(
    run: Run, study: OpenStudy, changed: Sequence[Change], *,
    out: Path | None = None, threads: int | None = None, emit: Emit = quiet,
) -> Rebased:  # fmt: skip
    """Compute a run again with changed factors; only Steps that read them, and those after, are computed.

    The new run records the changed rows with their former values, and has the tables `rebased_factors`,
    `moved_indicators`, `moved_numbers` and `moved_parcels`.
    """
    book = study.book.with_rows(each.after for each in changed)
    baseline = run.manifest.choice is None
    new = run_study(
        replace(study, book=book), out=out, store=Store(run.store.folder), threads=threads, emit=emit,
        baseline_only=baseline,
    )  # fmt: skip
    factors = pd.DataFrame(
        [
            {
                "factor": each.before.factor, "key": each.before.key, "unit": each.before.unit,
                "before": each.before.value, "after": each.after.value, "source": each.after.source,
            }
            for each in changed
        ]
    )  # fmt: skip
    moved = compare(run, new).indicators.rename(columns={"one": "before", "other": "after"})
    moved = moved[(moved["difference"] != 0) & moved["difference"].notna()].reset_index(drop=True)
    one, other = run.manifest.choice, new.manifest.choice
    result = Rebased(
        new, factors, moved, moved_values(run, new, on=""), moved_values(run, new, on="parcels"),
        rechosen=one is not None and other is not None and one.members != other.members,
    )  # fmt: skip
    _save(result)
    return result


def moved_values(one: Run, other: Run, *, on: str) -> pd.DataFrame:
    """Return a row for each value that differs between two runs: of a table's rows, or single numbers for ''."""
    rows: list[pd.DataFrame] = []
    for alternative in [name for name in one.alternatives if name in other.alternatives]:
        before, after = one.layers(alternative), other.layers(alternative)
        for name in sorted({*before} & {*after}):
            for label, layer in before[name].items():
                later = after[name].get(label)
                if layer.var.on == on and later is not None and layer.key != later.key:
                    rows.append(_moved(one, other, layer, later, alternative))
    columns = ["alternative", "row", "quantity", "event", "unit", "before", "after", "difference"]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)


def _moved(one: Run, other: Run, layer: Layer, later: Layer, alternative: str) -> pd.DataFrame:
    before, after = (run.value(each) for run, each in ((one, layer), (other, later)))
    if not layer.var.on:
        before, after = pd.Series([float(before)], index=[""]), pd.Series([float(after)], index=[""])
    if layer.var.kind not in ("float", "int") or not before.index.equals(after.index):
        return pd.DataFrame()
    was, now = before.to_numpy(dtype=np.float64), after.to_numpy(dtype=np.float64)
    frame = pd.DataFrame(
        {
            "alternative": alternative, "row": before.index.astype(str), "quantity": layer.var.name,
            "event": layer.label, "unit": layer.var.unit_with_gas, "before": was, "after": now, "difference": now - was,
        }
    )  # fmt: skip
    rounding = np.maximum(np.abs(was), np.abs(now)) < ROUNDING
    moved: pd.DataFrame = frame[(was != now) & ~(np.isnan(was) & np.isnan(now)) & ~rounding]
    return moved


def _used(run: Run) -> Mapping[str, Mapping[str, FactorRow]]:
    """Return the factor rows that Steps of a run read, by factor and key."""
    used: dict[str, dict[str, FactorRow]] = {}
    for step in run.manifest.steps.values():
        for name, rows in step.factors.items():
            used.setdefault(name, {}).update({run.manifest.factors[row].key: run.manifest.factors[row] for row in rows})
    return used


def _changes(text: str, used: Mapping[str, Mapping[str, FactorRow]], study: OpenStudy, run: Run) -> Iterable[Change]:
    if "=" not in text and text.casefold().endswith(".csv"):
        rows = tuple(map(factor.current, factor.read(Path(text))))
        return [
            Change(
                _row(row.factor, row.key, used, study),
                replace(row, region=study.asked.study.region, origin=_origin(run)),
            )
            for row in rows
        ]
    place, sign, value = text.rpartition("=")
    if not sign:
        raise InputError("rebase.form", got=text)
    name, _, key = place.strip().partition("/")
    name = factor.RENAMED.get(name, name)
    before = _row(name, key, used, study)
    after = _replaced(before, _number(value, text), study, run)
    if problems := factor.value_problems(after, lambda _: text):
        raise InputErrors(problems)
    return [Change(before, after)]


def _row(name: str, key: str, used: Mapping[str, Mapping[str, FactorRow]], study: OpenStudy) -> FactorRow:
    if name not in used:
        text = "rebase.factor_unread" if name in study.book.by_name else "rebase.factor_unknown"
        raise InputError(text, name=name, near=_near(name, used))
    if key not in used[name]:
        raise InputError("rebase.key_unknown", name=name, key=key or "-", near=_near(key, used[name]))
    return used[name][key]


def _replaced(row: FactorRow, value: float, study: OpenStudy, run: Run) -> Factor:
    """Return a row with another value; the bounds of the former value do not hold for it."""
    return Factor(
        factor=row.factor, key=row.key, value=value, unit=row.unit, status="user", region=study.asked.study.region,
        source=f"rebase of run {run.folder.name}: {row.value:g} -> {value:g}", note=row.source, origin=_origin(run),
    )  # fmt: skip


def _origin(run: Run) -> str:
    return f"{ORIGIN} {run.folder.name}"


def _number(value: str, text: str) -> float:
    try:
        number = float(value)
    except ValueError as fault:
        raise InputError("rebase.form", got=text) from fault
    if not np.isfinite(number):
        raise InputError("rebase.form", got=text)
    return number


def _near(name: str, known: Iterable[str]) -> list[str]:
    names = [each or "-" for each in known]
    return (
        get_close_matches(name, names, n=5, cutoff=0.5) or [n for n in names if name and name in n][:5] or names[:SHOWN]
    )


def _save(result: Rebased) -> None:
    """Write the tables of a rebased run, as Parquet beside its others and as CSV for people."""
    folder = result.run.folder / "tables"
    folder.mkdir(exist_ok=True)
    for name, table in zip(TABLES, (result.factors, result.indicators, result.numbers, result.parcels), strict=True):
        table.to_parquet(folder / f"{name}.parquet")
        table.to_csv(result.run.folder / f"{name}.csv", index=False, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL)
