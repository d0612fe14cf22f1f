import numpy as np
import pytest

from citybraid.kernels.energy.heat_pump import coefficient_of_performance
from citybraid.kernels.energy.weighted import Weights, electricity_balance, matching_factor, weighted_energy

GRID, SUN = Weights(0.5, 2.0, 0.42), Weights(1.0, 0.0, 0.0)


def test_the_matching_factor_by_hand() -> None:
    """Equal production and use: (1 + 1 - 1) / 2; twice as much: (2 + 0.5 - 1) / 2.5."""
    assert matching_factor(np.array([1.0, 2.0, 0.5, 0.0]), np.ones(4)) == pytest.approx([0.5, 0.6, 0.6, 1.0])


def test_hours_balance_by_themselves() -> None:
    found = electricity_balance(np.array([[0.0, 3.0]]), np.array([[2.0, 1.0]]), matched=False)
    assert [float(each[0]) for each in found] == [2.0, 3.0, 2.0]


def test_months_export_more_than_their_sums_show() -> None:
    found = electricity_balance(np.array([[2.0]]), np.array([[1.0]]), matched=True)
    assert [float(each[0]) for each in found] == pytest.approx([0.4, 2.0, 1.4])


def test_what_is_exported_counts_by_k_exp() -> None:
    flows = electricity_balance(np.array([[4.0]]), np.array([[1.0]]), matched=False)
    none, half, whole = (weighted_energy(flows, (), grid=GRID, on_site=SUN, k_exp=k) for k in (0.0, 0.5, 1.0))
    assert none.step_b == pytest.approx(none.step_a)
    assert none.step_a[0] == pytest.approx([1.0, 0.0, 0.0])
    assert whole.step_b[0] == pytest.approx([1.0 + 1.5, -6.0, -1.26])
    assert 2 * half.step_b == pytest.approx(none.step_b + whole.step_b)


def test_a_heat_pump_by_hand() -> None:
    """Half of Carnot's from 0 to 50 degC: 0.5 x 323.15 / 50."""
    found = coefficient_of_performance(np.array([0.0, 30.0, 49.0]), np.array([50.0]), fraction=0.5)
    assert found == pytest.approx([3.2315, 8.07875, 32.315])
