"""Cost and benefit of a measure: present values of yearly sums, net present value, benefit-cost ratio, payback."""

import math
from typing import NamedTuple

SMALL_RATE = 1e-4
"""Below this net rate 1 - (1 + r)^-n loses digits and is computed by expm1."""


class Flows(NamedTuple):
    """Yearly damage averted and upkeep in the first year, investment, and how they are discounted.

    `life` [year] need not be whole; `growth` is that of averted damage [1/year]; yearly sums fall due at the end of
    each year, or at its start (`at_start`). Money in one currency at constant prices.
    """

    averted: float
    investment: float
    upkeep: float
    life: float
    rate: float
    growth: float = 0.0
    at_start: bool = False


class CostBenefit(NamedTuple):
    """Present benefit and cost, their difference and ratio, and the payback time [year], NaN where there is none."""

    benefit: float
    cost: float
    net: float
    ratio: float
    payback: float


def present_value(yearly: float, *, years: float, rate: float, growth: float = 0.0, at_start: bool = False) -> float:
    """Return the present value of a yearly sum, the sum over t = 1 … n of `yearly` (1 + g)^(t - 1) / (1 + r)^t.

    Due at the end of each year; `at_start` brings each payment forward by a year.
    """
    net = (rate - growth) / (1.0 + growth)
    first = yearly / (1.0 + growth) * (1.0 + rate if at_start else 1.0)
    if net == 0.0:
        return first * years
    if abs(net) < SMALL_RATE:
        return first * -math.expm1(-years * math.log1p(net)) / net
    return float(first * (1.0 - (1.0 + net) ** -years) / net)


def cost_benefit(flows: Flows) -> CostBenefit:
    """Return cost and benefit over the life; the ratio is present benefit over present cost, which must be above 0."""
    benefit, cost = _benefit_and_cost(flows, flows.life)
    return CostBenefit(benefit, cost, benefit - cost, benefit / cost, _payback(flows))


def _benefit_and_cost(flows: Flows, years: float) -> tuple[float, float]:
    averted = present_value(flows.averted, years=years, rate=flows.rate, growth=flows.growth, at_start=flows.at_start)
    upkeep = present_value(flows.upkeep, years=years, rate=flows.rate, at_start=flows.at_start)
    return averted, flows.investment + upkeep


def _payback(flows: Flows) -> float:
    """Return the time from which discounted benefits outweigh costs to the end of the life, linear within a year."""
    ends = [float(year) for year in range(math.ceil(flows.life))] + [flows.life]
    left = [benefit - cost for benefit, cost in (_benefit_and_cost(flows, years) for years in ends)]
    short = [place for place, value in enumerate(left) if value < 0.0]
    if not short:
        return 0.0
    last = short[-1]
    if last == len(ends) - 1:
        return math.nan
    share = -left[last] / (left[last + 1] - left[last])
    return ends[last] + share * (ends[last + 1] - ends[last])
