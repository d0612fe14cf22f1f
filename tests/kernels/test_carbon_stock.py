import math

import numpy as np
import pytest

from citybraid.kernels.carbon.stock import lifetime, survival, turnover

AGES, VINTAGES = np.array([10.0, 20.0]), np.array([100.0, 50.0])


def test_a_spread_of_one_is_exponential() -> None:
    life = lifetime(10.0, 1.0)
    assert (life.scale, life.shape) == pytest.approx((10.0, 1.0))
    assert survival(np.array([0.0, 10.0]), life) == pytest.approx([1.0, math.exp(-1)])


def test_shape_two_has_the_known_spread_and_mean() -> None:
    life = lifetime(10.0 * math.sqrt(math.pi), math.sqrt(4 / math.pi - 1))
    assert (life.scale, life.shape) == pytest.approx((20.0, 2.0))


def test_two_vintages_over_three_years_by_hand() -> None:
    """Shape 2 and scale 20: of an age a, exp((a² − (a + t)²) / 400) stands t years later."""
    life = lifetime(10.0 * math.sqrt(math.pi), math.sqrt(4 / math.pi - 1))
    found = turnover(VINTAGES, np.array([150.0, 150.0, 160.0, 155.0]), AGES, life)
    first = [100 * math.exp(-21 / 400), 100 * math.exp(-44 / 400), 100 * math.exp(-69 / 400)]
    second = [50 * math.exp(-41 / 400), 50 * math.exp(-84 / 400), 50 * math.exp(-129 / 400)]
    assert found.surviving[0] == pytest.approx([100, *first])
    assert found.surviving[1] == pytest.approx([50, *second])
    one = 150 - first[0] - second[0]
    two = 160 - first[1] - second[1] - one * math.exp(-1 / 400)
    three = 155 - first[2] - second[2] - one * math.exp(-4 / 400) - two * math.exp(-1 / 400)
    assert found.built == pytest.approx([0.0, one, two, three])
    assert found.demolished == pytest.approx([0.0, one, two - 10, three + 5])


def test_a_shrinking_target_tears_down_in_proportion() -> None:
    life = lifetime(1e6, 1.0)
    found = turnover(VINTAGES, np.array([150.0, 75.0, 75.0]), AGES, life)
    assert found.surviving[:, 1] == pytest.approx([50.0, 25.0], rel=1e-5)
    assert found.surviving[:, 2] == pytest.approx([50.0, 25.0], rel=1e-5)
    assert found.stock == pytest.approx([150.0, 75.0, 75.0])
    assert found.built[2] < 1e-3


def test_the_balance_closes_every_year() -> None:
    target = np.array([150.0, 180.0, 175.0, 220.0, 90.0, 95.0])
    found = turnover(VINTAGES, target, AGES, lifetime(34.0, 0.394))
    assert np.diff(found.stock) == pytest.approx(found.built[1:] - found.demolished[1:])
    assert found.stock == pytest.approx(target)
    assert (found.built >= 0).all()
    assert (found.demolished >= 0).all()
