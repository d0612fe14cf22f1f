"""Crossings: gains are never below 0 and never rise along the order by gain for cost of one kind; dearer ones last."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import COVER
from tests.biodiversity.test_crossings import COSTS, ranked
from tests.examples import at_most
from tests.movement_case import COLUMNS, ROAD, ROWS, patches

CODES = [code for code, _ in COVER]


def town(seed: int) -> np.ndarray:
    """Return covers at random with a road down the middle, and woods at the patches."""
    cover = np.random.default_rng(seed).choice(CODES, (ROWS, COLUMNS))
    cover[:, ROAD] = 51
    return np.where(patches() > 0, 10, cover)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
@at_most(8)
def test_gains_are_gains(seed: int, count: int) -> None:
    found = ranked(town(seed), patches(), count=count, candidates=4, spacing=40.0)
    assert (found.crossing_gain.to_numpy() > -1e-5).all()
    assert (found.crossing_order > 0).sum() <= count
    assert found.crossings_gain == pytest.approx(found.crossing_gain[found.crossing_order > 0].sum())
    assert found.crossings_cost == pytest.approx(found.crossing_cost[found.crossing_order > 0].sum())


@given(st.integers(0, 2**32 - 1), st.floats(1.5, 10.0))
@at_most(6)
def test_money_scales_and_changes_nothing_else(seed: int, times: float) -> None:
    here = ranked(town(seed), patches(), candidates=3, count=1, spacing=40.0)
    dear = ranked(town(seed), patches(), {kind: times * cost for kind, cost in COSTS.items()}, candidates=3, count=1,
                  spacing=40.0)  # fmt: skip
    assert dear.crossing_kind.tolist() == here.crossing_kind.tolist()
    assert dear.crossings_gain == pytest.approx(here.crossings_gain)
    assert dear.crossings_cost == pytest.approx(times * here.crossings_cost)


@pytest.mark.parametrize(("code", "cost"), list(product((0, *CODES), (1e-3, 1e12))))
def test_corners(code: int, cost: float) -> None:
    cover = np.where(patches() > 0, 10, code)
    cover[:, ROAD] = 51
    found = ranked(cover, patches(), {"culvert": cost}, count=1, candidates=1)
    assert np.isfinite(found.crossings_gain)
    assert found.crossings_cost in (0.0, cost)
