"""Present values against a published example and plain sums; payback against published arithmetic."""

import math

import pytest

from citybraid.kernels.risk.cost_benefit import Flows, cost_benefit, present_value

OMB_COSTS = (10.0, 20.0, 30.0, 30.0, 20.0, 10.0, 5.0, 5.0, 5.0, 5.0)
OMB_BENEFITS = (0.0, 0.0, 5.0, 10.0, 30.0, 40.0, 40.0, 40.0, 40.0, 25.0)


def discounted(sums: tuple[float, ...], rate: float) -> float:
    """Return the present value of sums of years 1, 2 …: each is an annuity to its year less one to the year before."""
    return sum(
        present_value(each, years=year, rate=rate) - present_value(each, years=year - 1, rate=rate)
        for year, each in enumerate(sums, 1)
    )


def test_the_sample_of_circular_a94() -> None:
    """OMB Circular A-94 (2023), appendix B, section 1: ten years at 3.1 %, totals 123.37, 184.92 and 61.55."""
    costs, benefits = discounted(OMB_COSTS, 0.031), discounted(OMB_BENEFITS, 0.031)
    assert round(costs, 2) == 123.37
    assert round(benefits, 2) == 184.92
    assert round(benefits - costs, 2) == 61.55


def test_the_present_value_of_30_years_at_7_percent() -> None:
    """The factor 12.409 of tables of compound interest, with which FEMA weighed measures at 7 %."""
    assert present_value(1.0, years=30, rate=0.07) == pytest.approx(12.409, abs=5e-4)


@pytest.mark.parametrize("rate", [0.0, 1e-9, 5e-5, 1e-4, 0.02, 0.08, 1.0])
@pytest.mark.parametrize("growth", [-0.2, 0.0, 1e-6, 0.02, 0.2])
@pytest.mark.parametrize("at_start", [False, True])
def test_against_the_plain_sum(rate: float, growth: float, *, at_start: bool) -> None:
    plain = math.fsum(
        7.0 * (1.0 + growth) ** (year - 1) / (1.0 + rate) ** (year - 1 if at_start else year) for year in range(1, 51)
    )
    found = present_value(7.0, years=50, rate=rate, growth=growth, at_start=at_start)
    assert found == pytest.approx(plain, rel=1e-11)


def test_without_a_rate_it_is_the_sum() -> None:
    assert present_value(10.0, years=20, rate=0.0) == 200.0


def flows(investment: float, averted: float, *, life: float = 8.0, rate: float = 0.07, upkeep: float = 0.0) -> Flows:
    return Flows(averted=averted, investment=investment, upkeep=upkeep, life=life, rate=rate)


def test_discounted_payback_of_a_published_example() -> None:
    """55 000 recovered by 13 000 a year at 7 %: 53 303 after five years, the rest of 1 697 in 0.196 of the sixth."""
    found = cost_benefit(flows(55_000.0, 13_000.0))
    assert found.payback == pytest.approx(5.196, abs=5e-4)
    assert found.net == pytest.approx(13_000.0 * 5.971299 - 55_000.0, abs=0.1)


def test_no_payback_where_the_life_ends_first() -> None:
    assert math.isnan(cost_benefit(flows(55_000.0, 13_000.0, life=5.0)).payback)
    assert math.isnan(cost_benefit(flows(100.0, 10.0, upkeep=10.0)).payback)
    assert cost_benefit(flows(55_000.0, 13_000.0, life=5.5)).payback == pytest.approx(5.2, abs=0.02)


def test_costs_that_outgrow_benefits_again_are_not_paid_back() -> None:
    """Averted damage falls by a fifth a year while upkeep goes on: ahead after two years, behind in the end."""
    falling = Flows(averted=100.0, investment=60.0, upkeep=40.0, life=20.0, rate=0.0, growth=-0.2)
    ahead = cost_benefit(falling._replace(life=3.0))
    assert ahead.net > 0.0
    found = cost_benefit(falling)
    assert found.net < 0.0
    assert math.isnan(found.payback)
