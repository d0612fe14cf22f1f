"""What coarse cells know of the fine ground: water passes ridges within them only where it gets over."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.ndimage import label

from citybraid.resilience.flood.subgrid_tables import sills
from tests.resilience.basin import CLOSED, line, run, series

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SHAPE = (48, 48)
RUN_EAST = {"N-S": 0.0, "NW-SE": 1.0, "NE-SW": -1.0, "steep": 0.5, "flat": 2.0}
"""Cells that a levee runs eastward for each it runs southward."""


@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.floats(0.0, 0.5))
def test_sills_are_the_lowest_levels_that_join_waters(seed: int, step: int, closed: float) -> None:
    """A fine cell's water joins that of the lowest ground at the level where one pool covers both."""
    draw = np.random.default_rng(seed)
    z = np.where(draw.random((step, step)) < closed, np.inf, np.round(draw.normal(0.0, 1.0, (step, step)), 1))
    rim = np.ones(z.shape, bool)
    rim[1:-1, 1:-1] = False
    parts = label(np.isfinite(z))[0]
    at_rim = np.isfinite(z) & np.isin(parts, parts[rim & np.isfinite(z)])
    found = sills(z, step)
    if not at_rim.any():
        assert np.isinf(found).all()
        return
    low = z[at_rim].min()
    starts = np.argwhere(at_rim & (z == low))
    assert any(np.array_equal(found, pooled(z, tuple(start))) for start in starts)


def pooled(z: Floats, start: tuple[int, ...]) -> Floats:
    """Return the lowest level at which a pool from `start` covers each cell, by flooding to each level in turn."""
    found = np.full(z.shape, np.inf)
    for level in np.unique(z[np.isfinite(z)])[::-1]:
        pools = label(z <= level)[0]
        if pools[start]:
            found[pools == pools[start]] = level
    return found


def test_ground_that_only_falls_has_no_sills() -> None:
    y, x = np.mgrid[0:9, 0:13]
    bed = -0.1 * x - 0.07 * y
    for step in (2, 3, 4):
        np.testing.assert_array_equal(sills(bed, step), bed)


def levee(run_east: float, place: int) -> tuple[Floats, Flags]:
    """Return ground that falls towards a levee one cell thick and 2 m high, and which cells lie behind it."""
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(np.float64)
    ground = 2.0 - 0.006 * x + np.random.default_rng(3).normal(0.0, 0.02, SHAPE)
    beyond = x - (24 + place) - run_east * (y - 24) > 0.0
    beside = np.pad(beyond, 1, mode="edge")
    near = beside[:-2, 1:-1] | beside[2:, 1:-1] | beside[1:-1, :-2] | beside[1:-1, 2:]
    wall = near & ~beyond
    return np.where(wall, ground + 2.0, ground), beyond


def poured(bed: Floats, step: int) -> Any:
    words: dict[str, Any] = {
        "inflows": line((12.0, 100.0), (12.0, 140.0)), "inflow_discharge": series([4.0] * 4 + [0.0] * 4, 300.0),
        "duration": 2400.0, **CLOSED,
    }  # fmt: skip
    return run(bed, subgrid=step, **words)


@pytest.mark.parametrize("step", [2, 3, 4])
@pytest.mark.parametrize("run_east", RUN_EAST.values(), ids=list(RUN_EAST))
@pytest.mark.parametrize("place", [1, 2])
def test_a_levee_thinner_than_a_coarse_cell_holds_water_back(step: int, run_east: float, place: int) -> None:
    """All that lies behind it is the water of cells that it cuts, whose two parts share a level."""
    bed, beyond = levee(run_east, place)
    found = poured(bed, step)
    behind = np.where(beyond, found.final_depth.to_numpy(), 0.0)
    assert found.inflow_volume == pytest.approx(4800.0)
    fine = float(np.where(beyond, poured(bed, 1).final_depth, 0.0).sum())
    assert behind.sum() * 25.0 < 0.04 * found.inflow_volume + 1.2 * fine * 25.0
    rows, columns = (length // step for length in SHAPE)
    cut = (~beyond).reshape(rows, step, columns, step).any(axis=(1, 3))
    whole = beyond & ~np.repeat(np.repeat(cut, step, axis=0), step, axis=1)
    assert (behind[whole] < 0.05).mean() > 0.97


@pytest.mark.parametrize("step", [3, 4])
def test_a_levee_overtopped_lets_over_what_lies_above_it(step: int) -> None:
    """Water behind a crest of 0.2 m stands no higher than on fine cells, and about as much gets over."""
    bed, beyond = levee(1.0, 1)
    low = np.where(bed > 3.0, bed - 1.8, bed)
    fine, found = (np.where(beyond, poured(low, each).final_depth, 0.0).sum() * 25.0 for each in (1, step))
    assert fine > 800.0
    assert found == pytest.approx(fine, rel=0.15)


def test_a_courtyard_within_a_coarse_cell_takes_no_street_water() -> None:
    """The lowest ground is closed in by buildings: the street beside it stays the coarse cell's way."""
    bed, built = np.full((4, 12), 1.0), np.zeros((4, 12))
    bed[1, 5] = 0.0
    built[[0, 1, 1, 2], [5, 4, 6, 5]] = 1.0
    words: dict[str, Any] = {"inflows": line((2.0, 2.0), (2.0, 18.0)), "inflow_discharge": series([0.2, 0.0], 600.0)}
    found = run(bed, building_fraction=built, subgrid=4, **words, **CLOSED)
    assert np.nanmean(found.final_depth.to_numpy()[:, 8:]) > 0.05


def test_figure_ridges(figure: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    bed, beyond = levee(1.0, 1)
    fine, known = (poured(bed, step).max_depth.to_numpy() for step in (1, 4))
    monkeypatch.setattr("citybraid.resilience.flood.subgrid_tables.sills", lambda z, _step: z)
    blind = poured(bed, 4).max_depth.to_numpy()
    picture, axes = plt.subplots(1, 3, figsize=(13, 4.6), layout="constrained", sharey=True)
    shown = ((fine, "Cells of 5 m"), (known, "subgrid = 4"), (blind, "subgrid = 4 without sills"))
    for axis, (depth, title) in zip(axes, shown, strict=True):
        drawn = axis.imshow(depth, cmap="Blues", extent=(0, 240, 0, 240), vmin=0.0, vmax=0.5)
        axis.imshow(np.where(bed > 3.0, 0.4, np.nan), cmap="gray", extent=(0, 240, 0, 240), vmin=0.0, vmax=1.0)
        behind = 100.0 * depth[beyond].sum() / depth.sum()
        axis.set(xlabel="x [m]", title=f"{title}\n{behind:.0f} % of it behind the levee")
    axes[0].set(ylabel="y [m]")
    picture.colorbar(drawn, ax=axes, label="greatest depth [m]", shrink=0.85)
    picture.savefig(figure("resilience.flood.ridges"), dpi=110)
    plt.close(picture)
    assert known[beyond].sum() < 0.1 * blind[beyond].sum()
