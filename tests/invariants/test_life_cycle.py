import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.embodied import DEMOLITION_CARBON, REBUILD_EMBODIED
from citybraid.core.vocabulary.lowcarbon.emissions import ELECTRICITY_EMISSIONS
from citybraid.lowcarbon.embodied.life_cycle import LifeCycle
from tests import life_cycles
from tests.examples import at_most
from tests.ranges import ends

amount, share = st.floats(0, 1e6), st.floats(0, 1)
FEW = at_most(8)
SLABS = ("residential", "office")


def judged(power: float, embodied: float, retrofit: float, *, end: float = 0.0, gone: float = 0.0) -> LifeCycle:
    slabs = life_cycles.standing(
        SLABS, electricity_emissions=[power, 2 * power], rebuild_embodied=embodied, retrofit_embodied=retrofit,
        demolition_carbon=gone,
    )  # fmt: skip
    return life_cycles.judged(slabs, path={"x/2025": 1.0, "x/2045": end}, scenario="x", horizon=2060)


@FEW
@given(amount, share)
def test_without_embodied_carbon_an_option_is_as_good_as_its_operation(power: float, end: float) -> None:
    """Retrofit and a new building of the same form then emit the same, and pay at once where they save."""
    found = judged(power, 0.0, 0.0, end=end)
    assert found.retrofit_carbon.equals(found.rebuild_carbon)
    assert (found.rebuild_payback[found.renewed_saving >= 0] == 0.0).all()


@FEW
@given(amount, amount, amount, share)
def test_the_lowest_option_has_the_lowest_carbon(power: float, embodied: float, retrofit: float, end: float) -> None:
    found = judged(power, embodied, retrofit, end=end)
    options = {"keep": found.keep_carbon, "retrofit": found.retrofit_carbon, "rebuild": found.rebuild_carbon}
    for name in found.lowest_carbon.index:
        low = np.nanmin([option[name] for option in options.values()])
        assert options[found.lowest_carbon[name]][name] == low


@FEW
@given(amount, amount, amount, share)
def test_more_embodied_carbon_never_helps_and_keeping_never_hears_of_it(
    power: float, embodied: float, more: float, end: float
) -> None:
    one, two = (judged(power, each, each, end=end) for each in (embodied, embodied + more))
    assert (two.rebuild_carbon >= one.rebuild_carbon).all()
    assert two.keep_carbon.equals(one.keep_carbon)
    assert two.renewed_saving.equals(one.renewed_saving)
    paid = one.retrofit_payback.fillna(np.inf) <= two.retrofit_payback.fillna(np.inf)
    assert paid.all()


def corners() -> list[tuple[float, ...]]:
    return list(itertools.product(ends(ELECTRICITY_EMISSIONS), ends(REBUILD_EMBODIED), ends(DEMOLITION_CARBON)))


@pytest.mark.parametrize(("power", "embodied", "gone"), corners())
def test_corners(power: float, embodied: float, gone: float) -> None:
    found = judged(power, embodied, embodied, gone=gone)
    assert np.isfinite(found.keep_carbon).all()
    assert set(found.lowest_carbon) <= {"keep", "retrofit", "rebuild"}
