"""Depaving on the green plan: how much of which parcels, lowest first, and what the runoff curve number becomes."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER
from citybraid.integrate.measures.nature.depaving import DepavingParams, depaving
from citybraid.integrate.measures.siting import CODE
from tests.integrate.green_plan import PARCELS, cover, green_arguments, green_run
from tests.integrate.plan import CELL, GRID, centres, ends, raster, terrain
from tests.integrate.sheets import show_covers


def golden_case() -> Mapping[str, Any]:
    return green_arguments(depaving)


def test_a_fifth_of_each_parcels_paving_is_taken_up_the_lowest_first() -> None:
    """Homes: 36 cells less 18 of roof; square: 81 cells."""
    found = green_run(depaving)
    x, y = centres()
    taken = found.land_cover.to_numpy() != cover().to_numpy()
    for here in ((x < 45) & (y < 20), (x > 55) & (y < 45)):
        paved = here & (cover().to_numpy() == CODE["paved"])
        assert (taken & here).sum() == int(0.2 * paved.sum() + 0.5)
        assert terrain().to_numpy()[taken & here].max() <= terrain().to_numpy()[paved & ~taken].min() + 1e-9
    assert (found.land_cover.to_numpy()[taken] == CODE["grass"]).all()
    assert found.depaved_area.sum() == taken.sum() * CELL


def test_permeable_paving_stays() -> None:
    assert green_run(depaving, permeable_paving=raster(np.full(GRID.shape, 0.7))).depaved_area.sum() == 0


def test_heritage_and_industry_keep_their_yards() -> None:
    for code in ("1504", "100102"):
        assert green_run(depaving, parcels=PARCELS.assign(land_use=code)).depaved_area.sum() == 0


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_only_paving_turns_to_grass_and_all_of_it_is_counted(seed: int, share: float) -> None:
    values = np.random.default_rng(seed).choice([code for code, _ in COVER], GRID.shape).astype(np.uint8)
    found = green_run(depaving, DepavingParams(share=share), land_cover=raster(values))
    changed = found.land_cover.to_numpy() != values
    assert (values[changed] == CODE["paved"]).all()
    assert found.depaved_area.sum() == changed.sum() * CELL


def corners() -> list[tuple[int, float]]:
    return list(itertools.product((0, 255, *(code for code, _ in COVER)), (*ends(CANOPY_COVER), float("nan"))))


@pytest.mark.parametrize(("code", "old"), corners())
def test_corners(code: int, old: float) -> None:
    """Every cover, and permeable paving nowhere, everywhere or unknown, on ground partly without a height."""
    height = terrain().to_numpy().copy()
    height[:, ::2] = np.nan
    found = green_run(
        depaving, land_cover=raster(np.full(GRID.shape, code, np.uint8)), terrain=raster(height),
        permeable_paving=raster(np.full(GRID.shape, old)),
    )  # fmt: skip
    assert (found.depaved_area.sum() > 0) == (code == CODE["paved"] and old == 0.0)


def test_depaving_figure(figure: Callable[[str], Path]) -> None:
    show_covers(
        figure("integrate.measures.depaving"), (cover(), "Before"), (green_run(depaving).land_cover, "After"),
        lines=PARCELS,
    )  # fmt: skip
