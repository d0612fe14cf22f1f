import numpy as np
import pytest

from citybraid.kernels.carbon.paths import between, logistic

YEARS = np.arange(2025.0, 2061.0)


def test_adoption_starts_at_none_is_half_at_the_midpoint_and_takes_its_time() -> None:
    late = logistic(np.arange(1900.0, 2101.0), midpoint=2040, takeover=20)
    assert late[0] == 0.0
    assert late[140] == pytest.approx(0.5, abs=1e-6)
    assert (late[130], late[150]) == pytest.approx((0.1, 0.9), abs=1e-6)


def test_what_is_adopted_at_the_start_counts_as_none() -> None:
    found = logistic(YEARS, midpoint=2020, takeover=20)
    assert found[0] == 0.0
    assert 0.0 < found[10] < found[-1] <= 1.0


def test_values_between_years_are_linear_and_constant_beyond() -> None:
    assert between({2030: 0.5, 2020: 1.0}, np.array([2010.0, 2025.0, 2040.0])) == pytest.approx([1.0, 0.75, 0.5])
