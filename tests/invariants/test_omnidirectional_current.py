"""Omnidirectional current: the same on any number of threads and when turned; none on holes, none from nowhere."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.omnidirectional_current import OmnidirectionalParams, omnidirectional_current
from citybraid.core.var import Threads
from tests.examples import at_most
from tests.movement_case import box, drawn, raster

grounds = st.tuples(st.integers(0, 2**32 - 1), st.floats(0.0, 0.3))


def found(values: np.ndarray, threads: int = 1, *, block: int = 1, radius: float = 80.0) -> np.ndarray:
    return omnidirectional_current(
        movement_resistance=raster(values),
        grid=box(*values.shape),
        threads=Threads(threads),
        tick=lambda _: None,
        p=OmnidirectionalParams(source="resistance", radius=radius, block=block),
    ).omnidirectional_current.to_numpy()


@given(grounds, st.sampled_from([1, 3]))
@at_most(8)
def test_turns_with_the_ground(ground: tuple[int, float], block: int) -> None:
    resistance = drawn(*ground)[0][:9, :9]
    here = found(resistance, 1, block=block)
    np.testing.assert_array_equal(here, found(resistance, 3, block=block))
    turned = found(np.rot90(resistance).copy(), block=block)
    np.testing.assert_allclose(np.rot90(here), turned, rtol=1e-4, atol=1e-6)
    assert np.isnan(here[np.isnan(resistance)]).all()
    assert (here[np.isfinite(resistance)] >= 0.0).all()


def by_solving(resistance: np.ndarray, *, radius: int, block: int, four: bool) -> np.ndarray:
    """Return the current window by window, each a dense system of Kirchhoff's equations; sources are 1 / resistance."""
    rows, columns = resistance.shape
    total, half, ways = np.zeros(resistance.shape), block // 2, ((0, 1), (1, 0), (1, 1), (1, -1))[: 2 if four else 4]
    y, x = np.mgrid[:rows, :columns]
    for top, left in product(range(0, rows, block), range(0, columns, block)):
        down, right = min(top + half, rows - 1), min(left + half, columns - 1)
        near = np.hypot(y - down, x - right) <= radius
        sent = np.where(near & (np.maximum(abs(y - down), abs(x - right)) > half), 1.0 / resistance, 0.0)
        sent *= (1.0 / resistance[top : top + block, left : left + block]).sum() / sent.sum()
        cells = [tuple(each) for each in np.argwhere(near)]
        place = {cell: at for at, cell in enumerate(cells)}
        links = [
            (place[cell], place[other], np.mean([1 / resistance[cell], 1 / resistance[other]]) / np.hypot(*way))
            for cell, way in product(cells, ways) if (other := (cell[0] + way[0], cell[1] + way[1])) in place
        ]  # fmt: skip
        tail, head, conductance = (np.array(each) for each in zip(*links, strict=True))
        incidence = np.zeros((len(links), len(cells)))
        incidence[np.arange(len(links)), tail], incidence[np.arange(len(links)), head] = 1.0, -1.0
        free = np.arange(len(cells)) != place[down, right]
        voltage = np.zeros(len(cells))
        system = incidence.T @ (conductance[:, None] * incidence)
        voltage[free] = np.linalg.solve(system[np.ix_(free, free)], sent[near][free])
        flows = (conductance * (incidence @ voltage))[:, None] * incidence
        total[near] += np.maximum(np.maximum(flows, 0.0).sum(axis=0), np.maximum(-flows, 0.0).sum(axis=0))
    return total


@pytest.mark.parametrize(("radius", "block", "four"), [(3, 5, False), (4, 3, True)])
def test_every_window_by_a_dense_solution(radius: int, block: int, four: bool) -> None:
    resistance = np.random.default_rng(8).uniform(1.0, 40.0, (10, 11))
    grid = box(*resistance.shape)
    p = OmnidirectionalParams(
        source="resistance", radius=radius * abs(float(grid.resolution.x)), block=block, corrected=False,
        neighbours="4" if four else "8",
    )  # fmt: skip
    got = omnidirectional_current(
        movement_resistance=raster(resistance), grid=grid, threads=Threads(1), tick=lambda _: None,
        p=p,
    )  # fmt: skip
    want = by_solving(resistance, radius=radius, block=block, four=four)
    np.testing.assert_allclose(got.omnidirectional_current.to_numpy(), want, rtol=1e-9)


def corners() -> list[tuple[float, int, float]]:
    return list(product((1e-6, 1.0, 1e6), (1, 3), (40.0, 1000.0)))


@pytest.mark.parametrize(("resistance", "block", "radius"), corners())
def test_corners(resistance: float, block: int, radius: float) -> None:
    values = found(np.full((5, 6), resistance), block=block, radius=radius)
    assert np.isfinite(values).all()
    assert (values >= 0.0).all()
