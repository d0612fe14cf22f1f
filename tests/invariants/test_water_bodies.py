"""Water bodies and crossings: codes within range, the same under shifts of level and mirroring, corners."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import scale

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.resilience.rescue.water_bodies import WaterBodies, water_bodies
from tests.ranges import ends
from tests.resilience.canal_street import ACROSS, HERE, canal, street
from tests.resilience.street_town import raster, streets

LAW = resolve("street_crossing")
rough = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).normal(0.0, 0.15, HERE.shape) + canal().to_numpy()
)


def found(ground: np.ndarray) -> WaterBodies:
    return water_bodies(terrain=raster(ground), street_crossing=LAW, grid=HERE, streets=street())


def counts(made: WaterBodies) -> list[float]:
    assert made.crossings is not None
    return [float(column.sum()) for column in made.crossings]


@given(rough)
def test_bounds(ground: np.ndarray) -> None:
    made = found(ground)
    bridges, length, _ = counts(made)
    assert set(np.unique(made.water_body)) <= {0, 3}
    assert length <= min(ACROSS.length, bridges * LAW["widest"]) + 1e-6
    assert (length > 0) == (bridges > 0)


@given(rough, st.integers(-8, 8))
def test_a_shift_of_all_levels_changes_nothing(ground: np.ndarray, metres: int) -> None:
    whole = np.round(ground * 1024) / 1024
    one, other = found(whole), found(whole + metres)
    assert counts(one) == counts(other)
    np.testing.assert_array_equal(one.water_body, other.water_body)


@given(st.floats(10, 55), st.floats(6, 12))
def test_a_canal_is_bridged_once_from_either_end(width: float, bank: float) -> None:
    ground = canal(width, bank)
    table = streets(ACROSS, scale(ACROSS, xfact=-1.0))
    made = water_bodies(terrain=ground, street_crossing=LAW, grid=HERE, streets=table)
    assert made.crossings is not None
    assert made.crossings.inferred_bridges.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("level", [*ends(TERRAIN), float("nan")])
def test_corners(level: float) -> None:
    made = found(np.full(HERE.shape, level))
    assert counts(made) == [0.0, 0.0, 0.0]
    assert (made.water_body == 0).all()


@given(st.integers(0, 2**32 - 1))
def test_rough_ground_shows_no_channels(seed: int) -> None:
    """White noise of 1 m is steeper than any street nearly everywhere: a file of that kind infers nothing."""
    ground = np.random.default_rng(seed).normal(3.0, 1.0, HERE.shape)
    assert counts(found(ground)) == [0.0, 0.0, 0.0]
