"""Results of pure functions, remembered by the content of their arguments.

Steps of one run often repeat work on equal geometries and grids: the same buildings on the same grid for every
storm. The key of a result is a digest of the values themselves, so it cannot go stale.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import BaseModel

P = ParamSpec("P")
R = TypeVar("R")
Rows = NDArray[np.intp]
Floats = NDArray[np.float64]
RowsByFunction = dict[str, dict[bytes, Floats]]
"""Rows by key, of each function that is `remembered_rows`."""

LARGEST = 64 * 2**20
"""Size of a result above which it is not kept [byte]."""


def remembered(count: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the last `count` results of a pure function; arrays in them are read-only, since all callers share them.

    Arguments may be numbers, texts, arrays, tables, shapes, grids, parameters and collections of these; others raise
    TypeError. Errors are not kept, nor results above LARGEST bytes.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        results = _Kept[R](count)

        @wraps(function)
        def remember(*args: P.args, **named: P.kwargs) -> R:
            key = content_digest(args, named)
            if known := results.get([key]):
                return known[key]
            result = function(*args, **named)
            if _freeze(result) <= LARGEST:
                results.put({key: result})
            return result

        return remember

    return decorate


def remembered_rows(
    count: int,
) -> Callable[[Callable[Concatenate[Rows, P], Floats]], Callable[Concatenate[Sequence[bytes], P], Floats]]:
    """Keep the last `count` rows of a pure function that returns a row of numbers for each of the rows asked for.

    The function is then called with a key for every row, the digest of all that determines it, and computes only
    those that are not known. `rows_asked` tells rows to be kept elsewhere, `remember_rows` takes them back.
    """

    def decorate(
        function: Callable[Concatenate[Rows, P], Floats],
    ) -> Callable[Concatenate[Sequence[bytes], P], Floats]:
        name = f"{function.__module__}.{function.__qualname__}"
        results = _KEPT_ROWS[name] = _Kept[Floats](count)
        results.put(_GIVEN_ROWS.pop(name, {}))

        @wraps(function)
        def remember(keys: Sequence[bytes], /, *args: P.args, **named: P.kwargs) -> Floats:
            known = results.get(keys)
            missing = np.flatnonzero([key not in known for key in keys])
            computed = function(missing, *args, **named)
            rows = np.empty((len(keys), *computed.shape[1:]))
            rows[missing] = computed
            for row, key in enumerate(keys):
                if key in known:
                    rows[row] = known[key]
            results.put({keys[row]: values.copy() for row, values in zip(missing.tolist(), computed, strict=True)})
            if (reads := _ASKED.get()) is not None:
                reads.setdefault(name, {}).update(zip(keys, rows.copy(), strict=True))
            return rows

        return remember

    return decorate


@contextmanager
def rows_asked() -> Iterator[RowsByFunction]:
    """Collect the rows that functions return while the context lasts, on its own thread."""
    rows: RowsByFunction = {}
    token = _ASKED.set(rows)
    try:
        yield rows
    finally:
        _ASKED.reset(token)


def remember_rows(rows: RowsByFunction) -> None:
    """Remember rows that functions of the same versions returned; of those not imported yet, once they are."""
    for name, known in rows.items():
        if name in _KEPT_ROWS:
            _KEPT_ROWS[name].put(known)
        else:
            _GIVEN_ROWS.setdefault(name, {}).update(known)


class _Kept(Generic[R]):
    """The last results by key, for several threads."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._results: OrderedDict[bytes, R] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, keys: Iterable[bytes]) -> dict[bytes, R]:
        """Return those of the results that are known."""
        with self._lock:
            known = {key: self._results[key] for key in keys if key in self._results}
            for key in known:
                self._results.move_to_end(key)
        return known

    def put(self, results: Mapping[bytes, R]) -> None:
        """Add results; the oldest ones make room."""
        with self._lock:
            self._results.update(results)
            while len(self._results) > self._count:
                self._results.popitem(last=False)


_KEPT_ROWS: dict[str, _Kept[Floats]] = {}
"""What each function of `remembered_rows` keeps."""
_GIVEN_ROWS: RowsByFunction = {}
"""Rows of functions that are not imported yet."""
_ASKED: ContextVar[RowsByFunction | None] = ContextVar("rows asked", default=None)


def content_digest(*parts: object) -> bytes:
    """Return a digest of the content of values: equal values have equal digests. Raises TypeError for unknown types."""
    state = hashlib.sha256()
    for part in parts:
        _feed(state, part)
    return state.digest()


def _feed(state: Any, part: object) -> None:  # noqa: C901  (a case per type of value)
    if part is None or part is pd.NA or isinstance(part, str | int | float | bytes | np.generic):
        _mark(state, part, repr(part))
    elif isinstance(part, np.ndarray):
        _feed_array(state, part)
    elif isinstance(part, shapely.Geometry):
        _mark(state, part, shapely.to_wkb(part, hex=True))
    elif isinstance(part, xr.DataArray):
        _mark(state, part, repr(part.dims))
        _feed_all(state, [part.to_numpy(), *(part[name].to_numpy() for name in part.dims if name in part.coords)])
    elif isinstance(part, gpd.GeoSeries):
        _mark(state, part, str(part.crs))
        _feed_all(state, [part.index.to_numpy(), part.to_numpy()])
    elif isinstance(part, pd.DataFrame):
        _mark(state, part, repr([str(name) for name in part.columns]))
        _feed_all(state, [part.index.to_numpy(), *(part[name] for name in part.columns)])
    elif isinstance(part, pd.Series):
        _mark(state, part, str(part.dtype))
        _feed_all(state, [part.index.to_numpy(), part.to_numpy()])
    elif isinstance(part, GeoBox):
        _mark(state, part, repr((str(part.crs), tuple(part.affine), tuple(part.shape))))
    elif isinstance(part, BaseModel):
        _mark(state, part, str(len(type(part).model_fields)))
        _feed_all(state, [value for pair in part for value in pair])
    elif isinstance(part, Mapping):
        _mark(state, part, str(len(part)))
        _feed_all(state, [value for pair in part.items() for value in pair])
    elif isinstance(part, tuple | list):
        _mark(state, part, str(len(part)))
        _feed_all(state, part)
    else:
        message = f"{type(part).__name__} has no digest"
        raise TypeError(message)


def _feed_array(state: Any, array: np.ndarray[Any, Any]) -> None:
    _mark(state, array, repr((array.shape, array.dtype.str)))
    if array.dtype != np.dtype(object):
        state.update(np.ascontiguousarray(array).tobytes())
        return
    flat = array.ravel()
    if shapely.is_geometry(flat).all():
        _feed_joined(state, "shapes", shapely.to_wkb(flat).tolist())
        return
    values = flat.tolist()
    if all(type(value) is str for value in values):
        _feed_joined(state, "texts", [value.encode("utf-8", "surrogatepass") for value in values])
    else:
        _feed_all(state, values)


def _feed_joined(state: Any, kind: str, parts: Sequence[bytes]) -> None:
    """Feed parts of one kind, their lengths first: one by one, thousands of them would cost ten times as much."""
    state.update(f"{kind}:{len(parts)};".encode())
    state.update(np.array([len(part) for part in parts], np.int64).tobytes())
    state.update(b"".join(parts))


def _feed_all(state: Any, parts: Iterable[object]) -> None:
    for part in parts:
        _feed(state, part)


def _mark(state: Any, part: object, text: str) -> None:
    """Feed a type and a text with its length, so that neighbouring parts cannot be read as one."""
    state.update(f"{type(part).__name__}:{len(text)}:{text};".encode("utf-8", "surrogatepass"))


def _freeze(result: object) -> int:
    """Make the arrays of a result read-only and return their size [byte]."""
    if isinstance(result, np.ndarray):
        result.flags.writeable = False
        return int(result.nbytes)
    if isinstance(result, tuple):
        return sum(_freeze(each) for each in result)
    if is_dataclass(result) and not isinstance(result, type):
        return sum(_freeze(getattr(result, each.name)) for each in fields(result))
    return 0
