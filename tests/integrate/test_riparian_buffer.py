"""Riparian buffers on the green plan: how far from the water, on which land, and what an age changes."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER
from citybraid.integrate.measures.nature.riparian_buffer import OPEN, RiparianBufferParams, riparian_buffer
from citybraid.integrate.measures.siting import CODE
from tests.integrate.green_plan import PARCELS, at, cover, green_arguments, green_run
from tests.integrate.plan import CELL, GRID, ends, raster
from tests.integrate.sheets import show_covers


def golden_case() -> Mapping[str, Any]:
    return green_arguments(riparian_buffer)


def test_six_rows_of_cells_along_the_stream_are_planted() -> None:
    """30 m from the stream at 5 m: 6 rows of 9 cells in the park, and as many in the fields."""
    found = green_run(riparian_buffer)
    assert found.riparian_buffer_area.to_dict() == {"west": 6 * 9 * CELL, "east": 6 * 9 * CELL}
    assert at(found.land_cover, 22, 66) == CODE["shrubs"]
    assert at(found.land_cover, 22, 64) == CODE["grass"]
    assert at(found.canopy_cover, 22, 90) == pytest.approx(0.5)
    assert at(found.canopy_cover, 80, 90) == pytest.approx(0.3)
    assert at(found.canopy_height, 80, 90) == 8.0


def test_half_the_share_is_the_half_nearest_to_the_water() -> None:
    found = green_run(riparian_buffer, RiparianBufferParams(share=0.5))
    assert at(found.land_cover, 22, 82) == CODE["shrubs"]
    assert at(found.land_cover, 22, 78) == CODE["grass"]


def test_trees_of_five_years_are_small_and_taller_ones_stay() -> None:
    """5 years: crowns of 2.75 of 5 m, 80.3 % alive: 0.5 x 0.3025 x 0.8027 of the cell, 5.5 m high."""
    tall = np.zeros(GRID.shape)
    tall[2, 2] = 15.0
    found = green_run(riparian_buffer, RiparianBufferParams(age=5.0), canopy_height=raster(tall))
    assert at(found.canopy_cover, 22, 90) == pytest.approx(0.5 * 0.55**2 * 0.957**5)
    assert at(found.canopy_height, 22, 82) == pytest.approx(5.5)
    assert at(found.canopy_height, 12, 89) == 15.0


def test_without_water_nothing_is_planted() -> None:
    dry = np.where(cover().to_numpy() == CODE["water"], CODE["grass"], cover().to_numpy())
    assert green_run(riparian_buffer, land_cover=raster(dry)).riparian_buffer_area.sum() == 0


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_only_open_ground_turns_to_shrubs_and_all_of_it_is_counted(seed: int, share: float) -> None:
    values = np.random.default_rng(seed).choice([code for code, _ in COVER], GRID.shape).astype(np.uint8)
    found = green_run(riparian_buffer, RiparianBufferParams(share=share), land_cover=raster(values))
    changed = found.land_cover.to_numpy() != values
    assert np.isin(values[changed], [CODE[name] for name in OPEN]).all()
    assert (found.land_cover.to_numpy()[changed] == CODE["shrubs"]).all()
    assert found.riparian_buffer_area.sum() == changed.sum() * CELL


def corners() -> list[tuple[int, float]]:
    return list(itertools.product((0, 255, *(code for code, _ in COVER)), (*ends(CANOPY_COVER), float("nan"))))


@pytest.mark.parametrize(("code", "old"), corners())
def test_corners(code: int, old: float) -> None:
    values = np.full(GRID.shape, code, dtype=np.uint8)
    values[0, :] = CODE["water"]
    found = green_run(riparian_buffer, land_cover=raster(values), canopy_cover=raster(np.full(GRID.shape, old)))
    crowns = found.canopy_cover.to_numpy()
    assert np.array_equal(np.isnan(crowns), np.full(GRID.shape, np.isnan(old)))
    assert ((crowns[np.isfinite(crowns)] >= 0) & (crowns[np.isfinite(crowns)] <= 1)).all()
    assert (found.riparian_buffer_area.sum() > 0) == (code in [CODE[name] for name in OPEN])


def test_riparian_buffer_figure(figure: Callable[[str], Path]) -> None:
    show_covers(
        figure("integrate.measures.riparian_buffer"), (cover(), "Before"),
        (green_run(riparian_buffer).land_cover, "After"), lines=PARCELS,
    )  # fmt: skip
