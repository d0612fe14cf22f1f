"""Resistances by pair: in proportion to ground, lower with a short circuit, as in circuit connectivity."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.effective_resistance import (
    EffectiveResistance,
    EffectiveResistanceParams,
    effective_resistance,
)
from tests.examples import at_most
from tests.movement_case import SIZE, connected, drawn, raster

seeds = st.integers(0, 2**32 - 1)


def resisted(resistance: Any, patch: Any, short: Any = None, **words: Any) -> EffectiveResistance:
    return effective_resistance(
        movement_resistance=raster(np.asarray(resistance, np.float64)), habitat_patch=raster(patch),
        short_circuit=None if short is None else raster(short), p=EffectiveResistanceParams.model_validate(words),
    )  # fmt: skip


@given(seeds, st.floats(0.1, 50.0))
@at_most(15)
def test_ground_that_resists_more_resists_more_between_nodes(seed: int, times: float) -> None:
    resistance, patch = drawn(seed, 0.2)
    here, scaled = (resisted(each, patch).effective_resistance for each in (resistance, resistance * times))
    np.testing.assert_allclose(scaled, here * times, rtol=1e-6)


@given(seeds)
@at_most(15)
def test_all_short_circuited_at_once_are_those_of_circuit_connectivity(seed: int) -> None:
    resistance, patch = drawn(seed, 0.2)
    found, whole = resisted(resistance, patch, together=True), connected(resistance, patch)
    conductance = (1.0 / found.effective_resistance.dropna()).sum()
    assert conductance == pytest.approx(whole.patch_conductance, rel=1e-8)
    np.testing.assert_allclose(found.pair_current, whole.current_flow, atol=1e-6)


@given(seeds)
@at_most(15)
def test_a_short_circuit_adds_no_resistance(seed: int) -> None:
    resistance, patch = drawn(seed, 0.0)
    short = np.zeros((SIZE, SIZE), np.int32)
    short[4, 2:8] = 5
    plain, eased = (resisted(resistance, patch, each).effective_resistance for each in (None, short))
    assert (eased <= plain * (1.0 + 1e-6)).all()


def corners() -> tuple[float, float, float]:
    return 1e-6, 1.0, 1e6


@pytest.mark.parametrize("resistance", corners())
def test_corners(resistance: float) -> None:
    patch = np.zeros((SIZE, SIZE), np.int32)
    patch[0, 0], patch[9, 9] = 1, 2
    found = resisted(np.full((SIZE, SIZE), resistance), patch)
    assert list(found.effective_resistance.index) == ["1-2"]
    assert found.effective_resistance["1-2"] > 0.0
    assert np.isfinite(found.pair_current.to_numpy()).all()
