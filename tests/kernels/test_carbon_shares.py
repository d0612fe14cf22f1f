import numpy as np
import pytest

from citybraid.kernels.carbon.shares import shapley


def test_two_factors_of_a_product_share_their_interaction_evenly() -> None:
    """100 · 100 falls to 60 · 50: alone 40 % and 50 %, together 70 %; each has half of the −20 % interaction."""

    def product(group: frozenset[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([(0.6 if "a" in group else 1.0) * (0.5 if "b" in group else 1.0) * 100])

    found = shapley(product, ("a", "b"))
    assert {name: share.item() for name, share in found.items()} == pytest.approx({"a": -30.0, "b": -40.0})


def test_three_players_sum_exactly() -> None:
    values = np.random.default_rng(1).normal(size=(8, 5))
    names = ("a", "b", "c")

    def value(group: frozenset[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.asarray(values[sum(1 << at for at, name in enumerate(names) if name in group)])

    found = shapley(value, names)
    assert sum(found.values()) == pytest.approx(values[7] - values[0], abs=1e-12)
