"""Expected annual damage: within the events', in proportion to them, none for none, whatever their order."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.risk import BUILDING_DAMAGE
from citybraid.core.vocabulary.water import RETURN_PERIOD
from citybraid.resilience.damage.annual import AnnualParams
from citybraid.resilience.damage.expected_annual_damage import expected_annual_damage
from tests.ranges import ends

events = st.dictionaries(st.integers(2, 1000), st.floats(0, 1e9), min_size=1, max_size=8)


def annual(losses: dict[int, float], *, backwards: bool = False, **words: object) -> float:
    order = sorted(losses, reverse=backwards)
    found = expected_annual_damage(
        damages={f"T{period}": pd.Series([losses[period]], ["a"]) for period in order},
        return_periods={f"T{period}": float(period) for period in losses},
        p=AnnualParams.model_validate(words),
    )
    return float(found.expected_annual_damage.iloc[0])


@given(events)
def test_between_none_and_the_worst(losses: dict[int, float]) -> None:
    for rule in ("linear", "logarithmic"):
        assert -1e-6 <= annual(losses, rule=rule) <= max(losses.values()) * (1 + 1e-9)


@given(events, st.floats(0, 1000))
def test_in_proportion(losses: dict[int, float], factor: float) -> None:
    more = {period: loss * factor for period, loss in losses.items()}
    assert annual(more) == pytest.approx(factor * annual(losses), rel=1e-9, abs=1e-6)


@given(events)
def test_order_does_not_matter(losses: dict[int, float]) -> None:
    assert annual(losses) == annual(losses, backwards=True)


@given(events)
def test_every_part_adds(losses: dict[int, float]) -> None:
    bare = annual(losses, tail=False, onset=1000.0)
    rare, often = max(losses), min(losses)
    whole = bare + losses[rare] / rare + 0.5 * losses[often] * (1.0 - 1.0 / often)
    assert annual(losses) == pytest.approx(whole, rel=1e-9, abs=1e-6)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(RETURN_PERIOD), ends(BUILDING_DAMAGE)))


@pytest.mark.parametrize(("period", "loss"), corners())
def test_corners(period: float, loss: float) -> None:
    found = annual({int(period): loss})
    assert np.isfinite(found)
    assert found == pytest.approx(loss * (1.0 / period + 0.5 * (1.0 - 1.0 / period)))
