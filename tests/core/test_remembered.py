"""Results remembered by the content of their arguments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import BaseModel
from shapely import MultiPolygon, Point, box

from citybraid.core import remembered as module
from citybraid.core.remembered import content_digest, remember_rows, remembered, remembered_rows, rows_asked

GRID = GeoBox((3, 4), Affine(5, 0, 100, 0, -5, 200), "EPSG:4549")


class Settings(BaseModel):
    share: float = 0.5
    name: str = "a"


class Pair(NamedTuple):
    first: NDArray[np.float64]
    second: NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    values: NDArray[np.float64]


def table(**columns: Any) -> gpd.GeoDataFrame:
    """Return two squares with columns."""
    return gpd.GeoDataFrame(columns, geometry=[box(0, 0, 1, 1), box(2, 0, 3, 1)], index=["p", "q"], crs="EPSG:4549")


DIFFERENT: Sequence[Any] = [
    None, pd.NA, True, 1, 1.0, -0.0, 0.0, "1", b"1", (), ("a", "b"), ("ab",), ("a", ("b",)), {"a": 1}, {"a": 2},
    {"b": 1}, np.zeros(2), np.zeros(3), np.zeros((1, 2)), np.zeros(2, np.float32), np.array([0.0, -0.0]),
    np.array(["a", None]), np.array(["a", "b"], object), np.array(["ab", ""], object), np.array(["", "ab"], object),
    np.array(["a", "b", ""], object), np.array(["a", b"b"], object), np.array([Point(0, 0), None]),
    np.array([Point(0, 0), Point(0, 1)]), box(0, 0, 1, 1), MultiPolygon([box(0, 0, 1, 1)]), GRID, GRID.pad(1),
    Settings(), Settings(share=0.6), Settings(name="b"), pd.Series([1.0, 2.0]), pd.Series([1.0, 2.0], index=["a", "b"]),
    pd.Series(["1.0", "2.0"]),
    table(), table(height=[1.0, 2.0]), table(height=[1.0, 2.5]), table(width=[1.0, 2.0]), table(use=["a", None]),
    table().geometry, table().geometry.translate(1), table().to_crs("EPSG:4326").geometry,
    xr.DataArray(np.zeros((2, 2)), dims=("y", "x")), xr.DataArray(np.zeros((2, 2)), dims=("x", "y")),
    xr.DataArray(np.zeros((2, 2)), dims=("y", "x"), coords={"y": [1, 2]}),
]  # fmt: skip


def test_different_values_have_different_digests() -> None:
    digests = [content_digest(value) for value in DIFFERENT]
    assert len(set(digests)) == len(digests)


def test_equal_values_have_equal_digests() -> None:
    assert content_digest(table(use=["a", None])) == content_digest(table(use=["a", None]))
    values = np.arange(12.0).reshape(3, 4)
    assert content_digest(values[:, ::2]) == content_digest(values[:, ::2].copy())


def test_unknown_types() -> None:
    with pytest.raises(TypeError, match="object has no digest"):
        content_digest(object())


def test_a_changed_argument_is_computed_anew() -> None:
    calls: list[float] = []

    @remembered(4)
    def total(values: NDArray[np.float64], *, scale: float) -> NDArray[np.float64]:
        calls.append(scale)
        return values * scale

    values = np.ones(3)
    assert total(values, scale=2.0).sum() == 6.0
    assert total(values.copy(), scale=2.0).sum() == 6.0
    assert calls == [2.0]
    values[0] = 5.0
    assert total(values, scale=2.0).sum() == 14.0
    assert total(values, scale=3.0).sum() == 21.0
    assert calls == [2.0, 2.0, 3.0]


def test_results_cannot_be_changed() -> None:
    @remembered(1)
    def ones(size: int) -> tuple[Pair, Held]:
        return Pair(np.ones(size), np.ones(size)), Held(np.ones(size))

    pair, held = ones(2)
    for values in (*pair, held.values):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 2.0


def test_the_oldest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    @remembered(2)
    def ones(size: int) -> NDArray[np.float64]:
        calls.append(size)
        return np.ones(size)

    for size in (1, 2, 1, 3, 1, 2):
        ones(size)
    assert calls == [1, 2, 3, 2]
    monkeypatch.setattr(module, "LARGEST", 8 * 8)
    for _ in range(2):
        ones(9)
    assert calls[-2:] == [9, 9]


def test_errors_are_not_kept() -> None:
    calls: list[int] = []

    @remembered(2)
    def fail(number: int) -> None:
        calls.append(number)
        raise ValueError(number)

    for _ in range(2):
        with pytest.raises(ValueError, match="1"):
            fail(1)
    assert calls == [1, 1]


def test_rows() -> None:
    asked: list[list[int]] = []

    @remembered_rows(3)
    def squares(rows: NDArray[np.intp], numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        asked.append(rows.tolist())
        return np.column_stack([numbers[rows], numbers[rows] ** 2])

    assert squares([b"1", b"2"], np.array([1.0, 2.0])).tolist() == [[1, 1], [2, 4]]
    assert squares([b"2", b"3", b"1"], np.array([2.0, 3.0, 1.0])).tolist() == [[2, 4], [3, 9], [1, 1]]
    assert squares([b"4", b"2"], np.array([4.0, 2.0])).tolist() == [[4, 16], [2, 4]]
    assert squares([b"1"], np.array([1.0])).tolist() == [[1, 1]]
    assert squares([], np.array([])).shape == (0, 2)
    assert asked == [[0, 1], [1], [0], [0], []]


def test_rows_are_told_to_who_asks_and_taken_back() -> None:
    def begin(asked: list[int]) -> Callable[[Sequence[bytes], NDArray[np.float64]], NDArray[np.float64]]:
        @remembered_rows(3)
        def squares(rows: NDArray[np.intp], numbers: NDArray[np.float64]) -> NDArray[np.float64]:
            asked.append(rows.size)
            return np.column_stack([numbers[rows], numbers[rows] ** 2])

        return squares

    first: list[int] = []
    squares = begin(first)
    squares([b"1"], np.array([1.0]))
    with rows_asked() as told:
        squares([b"1", b"2"], np.array([1.0, 2.0]))
    squares([b"3"], np.array([3.0]))
    (rows,) = told.values()
    assert {key: row.tolist() for key, row in rows.items()} == {b"1": [1, 1], b"2": [2, 4]}
    later: list[int] = []
    squares = begin(later)
    remember_rows(told)
    assert squares([b"1", b"2", b"3"], np.array([1.0, 2.0, 3.0])).tolist() == [[1, 1], [2, 4], [3, 9]]
    assert (first, later) == ([1, 1, 1], [1])


def test_rows_of_a_function_that_is_not_imported_yet_wait_for_it() -> None:
    name = f"{__name__}.test_rows_of_a_function_that_is_not_imported_yet_wait_for_it.<locals>.halves"
    remember_rows({name: {b"4": np.array([2.0])}})
    asked: list[int] = []

    @remembered_rows(3)
    def halves(rows: NDArray[np.intp], numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        asked.append(rows.size)
        return numbers[rows, None] / 2.0

    assert halves([b"4", b"6"], np.array([4.0, 6.0])).tolist() == [[2], [3]]
    assert asked == [1]
