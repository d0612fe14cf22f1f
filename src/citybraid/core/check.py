"""Checks of values against their Vars: units, ranges and balances of every model input and output."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from citybraid.core.currency import in_currency
from citybraid.core.errors import BalanceError, InputError, RangeError
from citybraid.core.text import Phrase
from citybraid.core.var import Over, Table, Var

SHOWN = 6
"""Gaps of inputs that a message lists."""
FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a model ends in that meets a gap it does not know."""


def check_value(what: object, value: Any, *, where: str) -> None:
    """Check a value against a model's declaration; values of other types pass.

    Raises RangeError where a finite value is out of the Var's range, InputError where a
    unit or a column is wrong, BalanceError where a residual exceeds its bound.
    """
    if value is None:
        return
    if isinstance(what, Var):
        _check_unit(what, value, where=where)
        check_range(what, value, where=where)
        return
    if isinstance(what, Over) and isinstance(value, Mapping):
        var = next(part for part in what.var.__metadata__ if isinstance(part, Var))
        for label, member in value.items():
            _check_unit(var, member, where=f"{where}[{label}]")
            check_range(var, member, where=f"{where}[{label}]")
        return
    if isinstance(what, Table):
        _check_view(what, value, where=where)


def _check_view(table: Table, view: pd.DataFrame, *, where: str) -> None:
    for alias in (*table.columns, *table.optional):
        var = next(part for part in alias.__metadata__ if isinstance(part, Var))
        if var.name in view.columns:
            check_range(var, view[var.name], where=f"{where}.{var.name}")
        elif alias in table.columns:
            raise InputError("check.column_missing", where=where, column=var.name)


def _check_unit(var: Var, value: Any, *, where: str) -> None:
    if isinstance(value, xr.DataArray) and value.attrs.get("units", var.unit) != var.unit:
        raise InputError("check.unit", where=where, got=value.attrs["units"], needs=var.unit or "1")


def check_range(var: Var, value: Any, *, where: str, made: bool = False) -> None:
    """Check finite values against a Var's range, and a residual against its bound; ceilings not for what is `made`."""
    if var.kind in ("text", "geometry", "document", "listing"):
        return
    low, high = _extremes(value, where=where)
    if low is None or high is None:
        return
    if var.closes is not None and max(abs(low), abs(high)) > var.closes:
        raise BalanceError("check.balance", where=where, var=var.name, got=max(abs(low), abs(high)), bound=var.closes)
    least, most = var.made_limits if made else var.limits
    if low < least or high > most:
        got = low if low < least else high
        unit = in_currency(var.unit, "") or "1"
        raise RangeError("check.range", where=where, var=var.name, got=got, low=least, high=most, unit=unit)


def _extremes(value: Any, *, where: str) -> tuple[float | None, float | None]:
    numbers = np.asarray(value)
    if numbers.dtype.kind not in "fiub":
        try:
            numbers = numbers.astype(np.float64)
        except (TypeError, ValueError) as fault:
            raise InputError("check.not_a_number", where=where, got=str(numbers.ravel()[:1])) from fault
    if numbers.size == 0:
        return None, None
    if numbers.dtype.kind != "f":
        return float(numbers.min()), float(numbers.max())
    low, high = float(np.fmin.reduce(numbers, axis=None)), float(np.fmax.reduce(numbers, axis=None))
    if np.isnan(low):
        return None, None
    if np.isinf(low) or np.isinf(high):
        raise RangeError("check.infinite", where=where)
    return low, high


@contextmanager
def gaps_named(model: str, declared: Mapping[str, object], values: Mapping[str, Any]) -> Iterator[None]:
    """Name the gaps of a model's inputs where it cannot compute with them, such as a table without rows.

    Raises InputError in place of what went wrong; where no input has a gap it goes on as it is.
    """
    try:
        yield
    except FAULTS as fault:
        gaps = gaps_of(declared, values)
        if not gaps:
            raise
        why = f"{type(fault).__name__}: {fault}"
        raise InputError("check.gaps", model=model, gaps=gaps[:SHOWN], count=len(gaps), why=why) from fault


def gaps_of(declared: Mapping[str, object], values: Mapping[str, Any]) -> list[Phrase]:
    """Return what lacks a value in a model's inputs, by name."""
    return [gap for name, value in values.items() for gap in _gaps(declared.get(name), value, name)]


def valueless(
    declared: Mapping[str, object], values: Mapping[str, Any], outputs: Mapping[str, Any]
) -> tuple[Phrase, ...]:
    """Return a phrase where results have no value at all and inputs have gaps, of which that may come.

    Where no input has a gap, no value is what the model says: that there is no such thing.
    """
    empty = [name for name, value in outputs.items() if _has_no_value(value)]
    gaps = gaps_of(declared, values) if empty else []
    if not gaps:
        return ()
    return (Phrase("check.valueless", {"results": empty, "gaps": gaps[:SHOWN], "count": len(gaps)}),)


def _has_no_value(value: Any) -> bool:
    cells = np.asarray(value)
    return cells.dtype.kind == "f" and cells.size > 0 and bool(np.isnan(cells).all())


def _gaps(what: object, value: Any, name: str) -> Iterator[Phrase]:
    """Yield what lacks a value in an input: labels, rows, cells and shapes."""
    if isinstance(what, Over) and isinstance(value, Mapping):
        if not value:
            yield Phrase("check.gap_labels", {"name": name})
        for label, member in value.items():
            yield from _open(member, f"{name}[{label}]")
    elif isinstance(what, Table) and isinstance(value, pd.DataFrame):
        columns = [gap for column in value.columns for gap in _open(value[column], f"{name}.{column}")]
        yield from columns if len(value) else _open(value.index, name)
    elif isinstance(what, Var) and isinstance(value, pd.Series | xr.DataArray | float):
        yield from _open(value, name)


def _open(value: Any, name: str) -> Iterator[Phrase]:
    """Yield that an input has no cells, or how many of them have no value."""
    cells = np.asarray(value)
    if cells.size == 0:
        yield Phrase("check.gap_rows", {"name": name})
    elif lacking := int(pd.isna(cells).sum()):
        yield Phrase("check.gap_cells", {"name": name, "count": lacking})


def stamp(var: Var, value: Any) -> Any:
    """Return a value with the Var's name and unit, where its type has them; the data are not copied."""
    if isinstance(value, xr.DataArray):
        stamped = value.copy(deep=False)
        stamped.name = var.name
        stamped.attrs = {"units": var.unit, "long_name": var.about}
        return stamped
    if isinstance(value, pd.Series):
        return value.rename(var.name)
    return value
