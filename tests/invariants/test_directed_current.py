"""Directed current: what is sent arrives; two patches are a pair; only ratios of resistance matter; reciprocity."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.directed_current import DirectedCurrent, DirectedCurrentParams, directed_current
from tests.examples import at_most
from tests.movement_case import SIZE, connected, drawn, raster

grounds = st.tuples(st.integers(0, 2**32 - 1), st.floats(0.0, 0.3))


def directed(resistance: Any, **words: Any) -> DirectedCurrent:
    names = ("habitat_patch", "current_source", "ground_resistance")
    layers: dict[str, Any] = {name: raster(words.pop(name)) for name in names if name in words}
    return directed_current(
        movement_resistance=raster(np.asarray(resistance, np.float64)),
        p=DirectedCurrentParams.model_validate({"mode": "one_to_all", **words}), **layers,
    )  # fmt: skip


@given(st.integers(0, 2**32 - 1))
@at_most(15)
def test_two_patches_are_a_pair(seed: int) -> None:
    """Both runs of two patches carry the current of the pair, whichever of them is the ground."""
    resistance, patch = drawn(seed, 0.0)
    patch = np.where(patch <= 2, patch, 0)
    pair = connected(resistance, patch)
    for mode in ("one_to_all", "all_to_one"):
        found = directed(resistance, habitat_patch=patch, mode=mode)
        between = patch == 0
        np.testing.assert_allclose(
            found.directed_current.to_numpy()[between], 2.0 * pair.current_flow.to_numpy()[between], atol=2e-5
        )
        assert found.directed_power == pytest.approx(2.0 / pair.patch_conductance, rel=1e-5)


@given(grounds, st.floats(0.1, 50.0))
@at_most(15)
def test_currents_follow_ratios_of_resistance_only(ground: tuple[int, float], times: float) -> None:
    resistance, patch = drawn(*ground)
    here, scaled = (directed(each, habitat_patch=patch) for each in (resistance, resistance * times))
    np.testing.assert_allclose(here.directed_current, scaled.directed_current, atol=1e-4)
    assert scaled.directed_power == pytest.approx(here.directed_power * times, rel=1e-5)
    assert here.directed_residual <= 2e-6
    assert float(here.directed_largest_current.max()) <= 1.0 + 1e-5


@given(st.integers(0, 2**32 - 1), st.integers(0, 98), st.integers(0, 98))
@at_most(15)
def test_a_source_and_a_ground_change_places_for_the_same_power(seed: int, one: int, other: int) -> None:
    """Reciprocity: what 1 A costs from here to there it costs from there to here."""
    resistance, _ = drawn(seed, 0.0)
    if one == other:
        other = 99
    power = []
    for source, sink in ((one, other), (other, one)):
        amperes, ground = np.zeros(SIZE**2), np.full(SIZE**2, np.nan)
        amperes[source], ground[sink] = 1.0, 0.0
        found = directed(resistance, current_source=amperes.reshape(SIZE, SIZE),
                         ground_resistance=ground.reshape(SIZE, SIZE), mode="given")  # fmt: skip
        power.append(found.directed_power)
    assert power[0] == pytest.approx(power[1], rel=1e-5)


def corners() -> list[tuple[float, str]]:
    return list(product((1e-6, 1.0, 1e6), ("one_to_all", "all_to_one", "given")))


@pytest.mark.parametrize(("resistance", "mode"), corners())
def test_corners(resistance: float, mode: str) -> None:
    patch, source, ground = (np.zeros((SIZE, SIZE), np.int32), np.zeros((SIZE, SIZE)), np.full((SIZE, SIZE), np.nan))
    patch[0, 0], patch[9, 9], source[0, 0], ground[9, 9] = 1, 2, 1.0, 0.0
    found = directed(np.full((SIZE, SIZE), resistance), habitat_patch=patch, current_source=source,
                     ground_resistance=ground, mode=mode)  # fmt: skip
    assert np.isfinite(found.directed_current.to_numpy()).all()
    assert found.isolated_current == 0.0
    assert found.directed_power > 0.0
