"""Hedgerows on the green plan: which edges, how long, how much of a cell, and what an age changes."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER
from citybraid.integrate.measures.nature.hedgerow import OPEN, HedgerowParams, hedgerow
from citybraid.integrate.measures.siting import CODE
from tests.integrate.green_plan import PARCELS, at, cover, green_arguments, green_run
from tests.integrate.plan import CELL, GRID, box, ends, raster, table
from tests.integrate.sheets import show_covers

FIELDS = table({"one": (box(5, 5, 25, 45), "0101"), "other": (box(25, 5, 45, 45), "0101")}, ("land_use",))


def golden_case() -> Mapping[str, Any]:
    return green_arguments(hedgerow)


def fields() -> Any:
    return green_run(hedgerow, land_cover=raster(np.full(GRID.shape, CODE["cropland"], np.uint8)), parcels=FIELDS)


def test_two_fields_get_three_long_edges_and_four_short_ones() -> None:
    """Two fields of 20 by 40 m that touch: 3 x 40 + 4 x 20 = 200 m, the shared edge once."""
    assert fields().hedgerow_length["west"] == pytest.approx(200.0)


def test_a_grown_hedge_is_two_metres_of_its_cells() -> None:
    """A cell of 5 m with 5 m of a hedge 2 m wide: 10 of 25 m2, less than half, so its cover stays."""
    found = fields()
    assert at(found.canopy_cover, 26, 26) == pytest.approx(10.0 / CELL)
    assert at(found.land_cover, 26, 26) == CODE["cropland"]
    assert at(found.canopy_height, 26, 26) == 3.0
    total = float(found.canopy_cover.sum()) * CELL
    assert total == pytest.approx(200.0 * 2.0)


def test_four_years_old_hedges_are_narrow() -> None:
    """After 4 years 1.4 m wide and 1.8 m high, 83.9 % of it alive."""
    found = green_run(
        hedgerow, HedgerowParams(age=4.0), land_cover=raster(np.full(GRID.shape, CODE["cropland"], np.uint8)),
        parcels=FIELDS,
    )  # fmt: skip
    assert at(found.canopy_cover, 26, 26) == pytest.approx(1.4 * 0.957**4 * 5.0 / CELL)
    assert float(found.canopy_height.max()) == pytest.approx(1.8)
    assert found.hedgerow_length["west"] == pytest.approx(200.0)


def test_hedges_cross_no_paving_or_road() -> None:
    found = green_run(hedgerow)
    added = found.canopy_cover.to_numpy() > 0
    assert np.isin(cover().to_numpy()[added], [CODE["grass"], CODE["cropland"], CODE["bare"]]).all()


@given(st.floats(0, 1), st.floats(0, 1))
def test_grows_with_the_share(one: float, other: float) -> None:
    less, more = (green_run(hedgerow, HedgerowParams(share=share)) for share in sorted((one, other)))
    assert (less.canopy_cover <= more.canopy_cover + 1e-12).all()
    assert (less.hedgerow_length <= more.hedgerow_length + 1e-9).all()


def corners() -> list[tuple[int, float]]:
    return list(itertools.product((0, 255, *(code for code, _ in COVER)), (*ends(CANOPY_COVER), float("nan"))))


@pytest.mark.parametrize(("code", "old"), corners())
def test_corners(code: int, old: float) -> None:
    values = np.full(GRID.shape, code, dtype=np.uint8)
    values[0, :] = CODE["water"]
    found = green_run(hedgerow, land_cover=raster(values), canopy_cover=raster(np.full(GRID.shape, old)))
    crowns = found.canopy_cover.to_numpy()
    assert np.array_equal(np.isnan(crowns), np.full(GRID.shape, np.isnan(old)))
    assert ((crowns[np.isfinite(crowns)] >= 0) & (crowns[np.isfinite(crowns)] <= 1)).all()
    assert (found.hedgerow_length.sum() > 0) == (code in [CODE[name] for name in OPEN])


def test_hedgerow_figure(figure: Callable[[str], Path]) -> None:
    found = green_run(hedgerow)
    shown = cover().copy(data=np.where(found.canopy_cover.to_numpy() > 0, CODE["shrubs"], cover().to_numpy()))
    show_covers(figure("integrate.measures.hedgerow"), (cover(), "Before"), (shown, "Cells with hedges"), lines=PARCELS)
