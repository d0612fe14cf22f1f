"""Event losses equal the plain sum over assets and events, in either order of the rows, and refuse what is broken."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from citybraid.kernels.risk.damage import lost_storeys
from citybraid.kernels.risk.event_loss import Rows, curves, dense_losses, sparse_losses, storeyed_curve

Floats = NDArray[np.float64]
Points = list[tuple[Floats, Floats]]
RELATIVE = 1e-9

POINTS: Points = [
    (np.array([0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0]), np.array([0.0, 0.33, 0.49, 0.72, 0.87, 0.93, 1.0])),
    (np.array([0.3, 0.31, 7.0]), np.array([0.1, 0.4, 0.9])),
    (np.array([1.0]), np.array([0.7])),
]  # fmt: skip


def plain(depth: Floats, fraction: Floats, value: Floats, curve: NDArray[np.int64], points: Points) -> Floats:
    """Return value × share(depth) × fraction for every event and asset, dense, straight from the definition."""
    share = np.zeros_like(depth)
    for number, (knot, lost) in enumerate(points):
        mine = curve == number
        share[:, mine] = np.interp(depth[:, mine], knot, lost, left=0.0)
    return share * value * fraction


def rows_of(dense: Floats, fraction: Floats, *, by: str) -> Rows:
    stored = csr_matrix(dense if by == "event" else dense.T)
    wet = csr_matrix(np.where(dense > 0, fraction, 0.0) if by == "event" else np.where(dense > 0, fraction, 0.0).T)
    return Rows(stored.indptr.astype(np.int64), stored.indices.astype(np.int64), stored.data, wet.data)


def case(seed: int, events: int, assets: int) -> tuple[Floats, Floats, Floats, NDArray[np.int64], Floats]:
    chance = np.random.default_rng(seed)
    wet = chance.random((events, assets)) < 0.3
    depth = np.where(wet, chance.gamma(1.2, 1.5, wet.shape), 0.0)
    some = chance.random(wet.shape) < 0.2
    depth[wet & some] = chance.choice(np.concatenate([knot[knot > 0] for knot, _ in POINTS]), (wet & some).sum())
    fraction = chance.uniform(0.05, 1.0, wet.shape)
    value = chance.lognormal(10.0, 2.0, assets)
    return depth, fraction, value, chance.integers(0, len(POINTS), assets), chance.uniform(0.0, 0.1, events)


@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 40))
def test_equals_the_plain_sum(seed: int, events: int, assets: int) -> None:
    depth, fraction, value, curve, frequency = case(seed, events, assets)
    want = plain(depth, fraction, value, curve, POINTS)
    layout = curves(POINTS)
    orders: tuple[Literal["asset", "event"], ...] = ("asset", "event")
    for by in orders:
        rows = rows_of(depth, fraction, by=by)
        found = sparse_losses(rows, value, curve, layout=layout, frequency=frequency, by=by)
        np.testing.assert_allclose(found.event, want.sum(axis=1), rtol=RELATIVE, atol=1e-9)
        np.testing.assert_allclose(found.annual, frequency @ want, rtol=RELATIVE, atol=1e-9)
        assert found.event @ frequency == pytest.approx(found.annual.sum(), rel=RELATIVE, abs=1e-9)
    whole = dense_losses(depth, value, curve, layout=layout)
    np.testing.assert_allclose(whole * fraction, want, rtol=RELATIVE, atol=1e-9)


def test_without_fractions_assets_are_wet_as_a_whole() -> None:
    depth, _, value, curve, frequency = case(3, 7, 30)
    bare = rows_of(depth, np.ones_like(depth), by="asset")._replace(fraction=np.zeros(0))
    found = sparse_losses(bare, value, curve, layout=curves(POINTS), frequency=frequency, by="asset")
    want = plain(depth, np.ones_like(depth), value, curve, POINTS)
    np.testing.assert_allclose(found.event, want.sum(axis=1), rtol=RELATIVE)


def test_knots_jumps_and_what_lies_beyond() -> None:
    layout = curves([(np.array([1.0, 1.0, 2.0]), np.array([0.2, 0.5, 0.6]))])
    depth = np.array([[-3.0, 0.0, 0.999999, 1.0, 1.5, 2.0, 2.5, 1e9]])
    found = dense_losses(depth, np.ones(8), np.zeros(8, np.int64), layout=layout)[0]
    np.testing.assert_allclose(found, [0.0, 0.0, 0.0, 0.5, 0.55, 0.6, 0.6, 0.6], rtol=1e-12)


@pytest.mark.parametrize("storeys", [1, 2, 7])
def test_stacked_curves_equal_storeys_one_by_one(storeys: int) -> None:
    depth = np.append(np.linspace(-0.5, 25.0, 2041), [3.0, 6.0, 9.0])
    for curve in POINTS:
        layout = curves([storeyed_curve(curve, storeys, storey_height=3.0)])
        found = dense_losses(depth[None], np.ones(depth.size), np.zeros(depth.size, np.int64), layout=layout)[0]
        want = lost_storeys(depth, np.full(depth.size, float(storeys)), curve, storey_height=3.0)
        away = np.abs(depth % 3.0 - (curve[0][0] % 3.0)) > 1e-6
        np.testing.assert_allclose(found[away], want[away], rtol=1e-9, atol=1e-12)


def broken() -> list[tuple[str, Rows, Floats, NDArray[np.int64]]]:
    good = Rows(np.array([0, 1, 2]), np.array([0, 2]), np.array([1.0, 2.0]))
    value, curve = np.array([5.0, 6.0]), np.array([0, 1])
    return [
        ("rows", good._replace(start=np.array([0, 2])), value, curve),
        ("fall", good._replace(start=np.array([0, 3, 2])), value, curve),
        ("outside", good._replace(column=np.array([0, 3])), value, curve),
        ("outside", good._replace(column=np.array([-1, 2])), value, curve),
        ("finite", good._replace(depth=np.array([1.0, np.nan])), value, curve),
        ("finite", good._replace(depth=np.array([1.0, np.inf])), value, curve),
        ("fractions", good._replace(fraction=np.array([1.0])), value, curve),
        ("curves", good, value, np.array([0, 3])),
        ("finite", good, np.array([5.0, np.nan]), curve),
    ]


@pytest.mark.parametrize(("why", "rows", "value", "curve"), broken())
def test_what_is_broken_is_refused(why: str, rows: Rows, value: Floats, curve: NDArray[np.int64]) -> None:
    with pytest.raises(ValueError, match=why):
        sparse_losses(rows, value, curve, layout=curves(POINTS), frequency=np.ones(3), by="asset")


def test_curves_that_fall_in_depth_or_are_too_near_are_refused() -> None:
    for knot in ([1.0, 0.5], [0.0, 1e-9, 10.0]):
        with pytest.raises(ValueError, match="knots"):
            curves([(np.array(knot), np.linspace(0, 1, len(knot)))])
