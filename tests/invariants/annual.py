"""Invariants that every expectation over return periods holds; each model's test file says which it is."""

from collections.abc import Mapping
from itertools import product
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citybraid.core.vocabulary.water import RETURN_PERIOD
from citybraid.resilience.damage.annual import AnnualParams
from tests.ranges import ends

INHERITED = settings(suppress_health_check=[HealthCheck.differing_executors])
"""A test that several classes inherit; none of them keeps anything between examples."""
EVENTS = st.dictionaries(st.integers(2, 1000), st.floats(0, 1e9), min_size=1, max_size=8)


def corners(quantity: Any) -> list[tuple[float, float]]:
    return list(product(ends(RETURN_PERIOD), ends(quantity)))


class AnnualInvariants:
    """Within the events', in proportion to them, whatever their order; each part adds."""

    quantity: ClassVar[Any]

    def expected(self, losses: Mapping[str, float], periods: Mapping[str, float], p: AnnualParams) -> float:
        """Return the expectation of one place's losses by event."""
        raise NotImplementedError

    def annual(self, losses: Mapping[int, float], *, backwards: bool = False, **words: object) -> float:
        order = sorted(losses, reverse=backwards)
        return self.expected(
            {f"T{period}": losses[period] for period in order},
            {f"T{period}": float(period) for period in losses},
            AnnualParams.model_validate(words),
        )

    @INHERITED
    @given(EVENTS)
    def test_between_none_and_the_worst(self, losses: dict[int, float]) -> None:
        for rule in ("linear", "logarithmic"):
            assert -1e-6 <= self.annual(losses, rule=rule) <= max(losses.values()) * (1 + 1e-9)

    @INHERITED
    @given(EVENTS, st.floats(0, 1))
    def test_in_proportion(self, losses: dict[int, float], factor: float) -> None:
        more = {period: loss * factor for period, loss in losses.items()}
        assert self.annual(more) == pytest.approx(factor * self.annual(losses), rel=1e-9, abs=1e-6)

    @INHERITED
    @given(EVENTS)
    def test_order_does_not_matter(self, losses: dict[int, float]) -> None:
        assert self.annual(losses) == self.annual(losses, backwards=True)

    @INHERITED
    @given(EVENTS)
    def test_every_part_adds(self, losses: dict[int, float]) -> None:
        bare = self.annual(losses, tail=False, onset=1000.0)
        rare, often = max(losses), min(losses)
        whole = bare + losses[rare] / rare + 0.5 * losses[often] * (1.0 - 1.0 / often)
        assert self.annual(losses) == pytest.approx(whole, rel=1e-9, abs=1e-6)

    def test_corners(self) -> None:
        for period, loss in corners(self.quantity):
            expected = self.annual({int(period): loss})
            assert np.isfinite(expected)
            assert expected == pytest.approx(loss * (1.0 / period + 0.5 * (1.0 - 1.0 / period)))
