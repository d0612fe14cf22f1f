"""Uncertainty of damage: in proportion to draws, total indices never below first ones by more than noise."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.risk import DAMAGE_DRAWS
from citybraid.resilience.damage.damage_spread import DamageFactors, DrawParams, sample
from citybraid.resilience.damage.damage_uncertainty import (
    DamageUncertainty,
    DamageUncertaintyParams,
    damage_uncertainty,
)
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.ensemble import facts

FACTS = facts()
DRAWN = sample(DamageFactors(*FACTS.values()), DrawParams(draws=256))


def uncertainty(damage: np.ndarray) -> DamageUncertainty:
    column = pd.Series(damage, index=[str(number) for number in range(damage.size)])
    return damage_uncertainty(
        draws={"a": column, "b": 2.0 * column}, return_periods={"a": 5.0, "b": 50.0}, **FACTS,
        p=DamageUncertaintyParams(draws=256),
    )  # fmt: skip


weights = st.lists(st.floats(0, 10), min_size=len(DRAWN.names), max_size=len(DRAWN.names))


@at_most(20)
@given(weights, st.floats(0.1, 1e6))
def test_additive_damage_is_explained_alone_and_scales(weight: list[float], factor: float) -> None:
    damage = 1.0 + DRAWN.levels @ np.array(weight)
    one, other = uncertainty(damage), uncertainty(damage * factor)
    np.testing.assert_allclose(other.annual_damage_draws, one.annual_damage_draws * factor, rtol=1e-9)
    share = np.square(weight)
    if share.max() < 1e-6:
        return
    want = share / share.sum()
    np.testing.assert_allclose(one.spread_first, want, atol=0.06)
    np.testing.assert_allclose(one.spread_total, want, atol=0.06)
    np.testing.assert_allclose(other.spread_total, one.spread_total, atol=1e-6)


def corners() -> list[float]:
    return list(ends(DAMAGE_DRAWS))


@pytest.mark.parametrize("damage", corners())
def test_corners(damage: float) -> None:
    found = uncertainty(np.full(len(DRAWN.levels), damage))
    assert np.isfinite(found.annual_damage_draws).all()
    assert found.spread_first.isna().all()
    assert found.spread_total.isna().all()
