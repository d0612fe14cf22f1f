import itertools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER
from citybraid.lowcarbon.green_sink import GreenSinkParams, green_sink
from tests.ranges import ends

RATE = resolve("sink_rate", region="CN-ZJ")
CODES = [code for code, _ in COVER]
cells = st.lists(st.sampled_from([0, *CODES]), min_size=12, max_size=12)
crowns = st.lists(st.floats(0, 1), min_size=12, max_size=12)


def sink(cover: list[int], canopy: list[float] | None = None) -> NDArray[np.float64]:
    def raster(values: list[int] | list[float]) -> xr.DataArray:
        return xr.DataArray(np.array(values).reshape(3, 4), dims=("y", "x"))

    found = green_sink(
        land_cover=raster(cover),
        canopy_cover=None if canopy is None else raster(canopy),
        sink_rate=RATE,
        p=GreenSinkParams(),
    )
    return found.green_sink.to_numpy()


@given(cells, crowns)
def test_uptake_lies_between_none_and_that_of_trees(cover: list[int], canopy: list[float]) -> None:
    found = sink(cover, canopy)
    assert (np.isnan(found) == (np.array(cover).reshape(3, 4) == 0)).all()
    assert not (found < 0).any()
    assert not (found > max(RATE.values()) + 1e-12).any()


@given(cells, crowns, st.floats(0, 1))
def test_more_canopy_never_takes_up_less(cover: list[int], canopy: list[float], more: float) -> None:
    fuller = [crown + more * (1 - crown) for crown in canopy]
    assert not (sink(cover, fuller) < sink(cover, canopy) - 1e-12).any()


@given(cells, crowns, st.integers(1, 3))
def test_moving_the_grid_moves_the_sink(cover: list[int], canopy: list[float], step: int) -> None:
    turned = sink(cover[step:] + cover[:step], canopy[step:] + canopy[:step]).ravel()
    assert np.array_equal(turned, np.roll(sink(cover, canopy).ravel(), -step), equal_nan=True)


def corners() -> list[tuple[int, float]]:
    return list(itertools.product([0, *CODES], (*ends(CANOPY_COVER), float("nan"))))


@pytest.mark.parametrize(("code", "crown"), corners())
def test_corners(code: int, crown: float) -> None:
    found = sink([code] * 12, [crown] * 12)
    if code == 0:
        assert np.isnan(found).all()
        return
    full = crown if np.isfinite(crown) else float(code == 10)
    below = 0.0 if code == 10 else RATE[str(code)]
    assert found == pytest.approx(full * RATE["10"] + (1 - full) * below)
