"""Landfilled waste: all years together emit what is committed, deposits add up, a delay only postpones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.lowcarbon.waste import LANDFILLED_WASTE
from citybraid.kernels.waste.first_order_decay import generated
from citybraid.lowcarbon.waste.landfill_methane import LandfillMethane, LandfillMethaneParams, landfill_methane
from tests.ranges import ends

rates = st.floats(0.01, 0.5)
delays = st.floats(0.0, 6.0)
deposits = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=8)


def released(mass: list[float], *, rate: float, delay: float, after: int = 0) -> np.ndarray:
    return generated(np.array(mass + [0.0] * after), potential=0.05, rate=rate, delay=delay)


@given(deposits, rates, delays)
def test_all_years_emit_what_is_committed(mass: list[float], rate: float, delay: float) -> None:
    made = released(mass, rate=rate, delay=delay, after=int(60 / rate))
    assert made.sum() == pytest.approx(0.05 * sum(mass), rel=1e-9, abs=1e-9)
    assert (made >= 0).all()


@given(deposits, rates, delays)
def test_deposits_add_up(mass: list[float], rate: float, delay: float) -> None:
    apart = [
        released([0.0] * at + [one] + [0.0] * (len(mass) - at - 1), rate=rate, delay=delay)
        for at, one in enumerate(mass)
    ]
    np.testing.assert_allclose(released(mass, rate=rate, delay=delay), np.sum(apart, axis=0), rtol=1e-9, atol=1e-6)


@given(deposits, rates, delays, st.floats(0.0, 1.0))
def test_a_longer_delay_only_postpones(mass: list[float], rate: float, delay: float, less: float) -> None:
    late, early = (released(mass, rate=rate, delay=each, after=5).cumsum() for each in (delay, delay * less))
    assert (early >= late - 1e-9 * (1 + late)).all()


def corners() -> tuple[float, float]:
    return ends(LANDFILLED_WASTE)


def found(waste: float, years: int) -> LandfillMethane:
    rows = {name: resolve(name) for name in ("landfill", "landfill_waste")}
    return landfill_methane(landfilled_waste=waste, **rows, p=LandfillMethaneParams(years=years))


@pytest.mark.parametrize("waste", corners())
@pytest.mark.parametrize("years", [1, 500])
def test_corners(waste: float, years: int) -> None:
    methane = found(waste, years)
    assert 0.0 <= methane.methane_in_year <= methane.methane_until_year * (1 + 1e-12)
    assert methane.methane_until_year <= methane.committed_methane * (1 + 1e-12)
