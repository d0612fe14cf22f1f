"""Draws of damage: never negative, in proportion to footprints, never more than all value, the same for a seed."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import scale

from citybraid.core.vocabulary.risk import MEMBER_DEPTH
from citybraid.resilience.damage.damage_draws import DamageDraws, DamageDrawsParams, damage_draws
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.ensemble import all_facts, certain, ensemble, houses

FACTS = all_facts()


def draws(seed: int = 1, *, size: float = 1.0, depth: float | None = None, sure: bool = False) -> DamageDraws:
    table = houses(20)
    members = ensemble(table)
    if depth is not None:
        members["member_depths"].update({name: pd.Series(depth, table.index) for name in members["member_depths"]})
    table = table.set_geometry(table.geometry.map(lambda shape: scale(shape, size, size)))
    told = certain(FACTS) if sure else FACTS
    return damage_draws(buildings=table, **members, **told, p=DamageDrawsParams(draws=64, seed=seed))


@pytest.mark.slow
@at_most(12)
@given(st.integers(0, 10**6), st.floats(0.3, 5.0))
def test_never_negative_and_in_proportion_to_footprints(seed: int, size: float) -> None:
    one, other = draws(seed), draws(seed, size=size)
    assert (one.damage_draws >= 0.0).all()
    np.testing.assert_allclose(other.damage_draws, one.damage_draws * size**2, rtol=1e-6)
    assert other.emulator_error == pytest.approx(one.emulator_error, rel=1e-6)


@pytest.mark.slow
@at_most(3)
@given(st.integers(0, 10**6))
def test_a_seed_makes_the_same_draws(seed: int) -> None:
    pd.testing.assert_series_equal(draws(seed).damage_draws, draws(seed).damage_draws)


def corners() -> list[tuple[float, bool]]:
    return list(product((*ends(MEMBER_DEPTH)[:1], 500.0, float("nan")), (False, True)))


@pytest.mark.parametrize(("depth", "sure"), corners())
def test_corners(depth: float, sure: bool) -> None:
    found = draws(depth=depth, sure=sure)
    assert np.isfinite(found.damage_draws).all()
    assert found.emulator_error == pytest.approx(0.0, abs=1e-6)
    assert (found.damage_draws > 0.0).all() == (depth > 0.0)
