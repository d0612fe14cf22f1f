"""Cost and benefit: in proportion to money, better for more averted and less paid, worse for a higher rate."""

import math
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from citybraid.core.vocabulary.cost_benefit import (
    DAMAGE_WITH_MEASURE,
    DAMAGE_WITHOUT_MEASURE,
    INVESTMENT_COST,
    SERVICE_LIFE,
    UPKEEP_COST,
)
from citybraid.resilience.damage.cost_benefit import CostBenefit, CostBenefitParams, cost_benefit
from tests.ranges import ends

money = st.floats(0.0, 1e9)
cost = st.floats(1.0, 1e9)
life = st.floats(1.0, 200.0)
rate = st.floats(0.0, 0.3)
growth = st.floats(-0.2, 0.2)
timing = st.sampled_from(["year_end", "year_start"])


def judged(
    without: float, with_it: float, investment: float, upkeep: float, years: float, **words: object
) -> CostBenefit:
    return cost_benefit(
        damage_without_measure=without,
        damage_with_measure=with_it,
        investment_cost=investment,
        upkeep_cost=upkeep,
        service_life=years,
        p=CostBenefitParams.model_validate(words),
    )


@given(money, money, cost, money, life, rate, growth, timing)
def test_one_judgement(
    without: float,
    with_it: float,
    investment: float,
    upkeep: float,
    years: float,
    rate: float,
    growth: float,
    timing: str,
) -> None:
    """Net value, ratio and payback say the same: above 0, above 1, paid back within the life."""
    found = judged(
        without, with_it, investment, upkeep, years, discount_rate=rate, damage_growth=growth, timing=timing
    )  # fmt: skip
    worth = found.net_present_value >= 0.0
    assert found.lifetime_cost >= investment
    assert (found.benefit_cost_ratio >= 1.0) == worth
    assert math.isnan(found.payback_time) != worth
    if worth:
        assert 0.0 <= found.payback_time <= years


@given(money, money, cost, money, life, rate, st.floats(0.01, 100.0))
def test_another_currency_changes_no_ratio(
    without: float, with_it: float, investment: float, upkeep: float, years: float, rate: float, exchange: float
) -> None:
    one = judged(without, with_it, investment, upkeep, years, discount_rate=rate)
    other = judged(
        without * exchange, with_it * exchange, investment * exchange, upkeep * exchange, years, discount_rate=rate
    )  # fmt: skip
    size = abs(one.averted_damage) + one.lifetime_cost
    assert other.net_present_value == pytest.approx(
        one.net_present_value * exchange, rel=1e-9, abs=1e-9 * size * exchange
    )
    assert other.benefit_cost_ratio == pytest.approx(one.benefit_cost_ratio, rel=1e-9, abs=1e-12)


@given(money, cost, money, life, rate, st.floats(1.0, 1e6))
def test_directions(without: float, investment: float, upkeep: float, years: float, rate: float, more: float) -> None:
    plain = judged(without, 0.0, investment, upkeep, years, discount_rate=rate)
    size = 1e-9 * (plain.averted_damage + plain.lifetime_cost)
    averts = judged(without + more, 0.0, investment, upkeep, years, discount_rate=rate)
    dearer = judged(without, 0.0, investment + more, upkeep, years, discount_rate=rate)
    discounted = judged(without, 0.0, investment, upkeep, years, discount_rate=rate + 0.1)
    assert averts.net_present_value >= plain.net_present_value - size
    assert dearer.net_present_value <= plain.net_present_value + size
    assert discounted.averted_damage <= plain.averted_damage + size
    assert discounted.lifetime_cost <= plain.lifetime_cost + size


@given(money, cost, life, life, rate, growth)
def test_a_life_is_the_years_before_and_the_years_after(
    without: float, investment: float, first: float, second: float, rate: float, growth: float
) -> None:
    """The whole is the first part and the second discounted, which has grown by then."""
    assume(first + second <= 200.0)
    words = {"discount_rate": rate, "damage_growth": growth}
    whole, early, late = (
        judged(without, 0.0, investment, 0.0, years, **words).averted_damage
        for years in (first + second, first, second)
    )
    carried = ((1.0 + growth) / (1.0 + rate)) ** first
    assert whole == pytest.approx(early + carried * late, rel=1e-7, abs=1e-6)


def corners() -> list[tuple[float, ...]]:
    quantities = (DAMAGE_WITHOUT_MEASURE, DAMAGE_WITH_MEASURE, INVESTMENT_COST, UPKEEP_COST, SERVICE_LIFE)
    found = product(*(ends(quantity) for quantity in quantities), (0.0, 1.0), (-0.2, 0.2))
    return [values for values in found if values[2] + values[3] > 0.0]


@pytest.mark.parametrize("values", corners())
def test_corners(values: tuple[float, ...]) -> None:
    *quantities, rate, growth = values
    found = judged(*quantities, discount_rate=rate, damage_growth=growth)
    assert all(math.isfinite(value) for value in found[:4])
    assert math.isnan(found.payback_time) or 0.0 <= found.payback_time <= 200.0
