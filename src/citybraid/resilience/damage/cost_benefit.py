"""Cost and benefit of a measure against floods."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.cost_benefit import (
    AVERTED_DAMAGE,
    BENEFIT_COST_RATIO,
    DAMAGE_WITH_MEASURE,
    DAMAGE_WITHOUT_MEASURE,
    INVESTMENT_COST,
    LIFETIME_COST,
    NET_PRESENT_VALUE,
    PAYBACK_TIME,
    SERVICE_LIFE,
    UPKEEP_COST,
)
from citybraid.kernels.risk import cost_benefit as kernel


class CostBenefitParams(Params):
    """How future money is discounted."""

    discount_rate: float | None = Field(None, ge=0.0, le=1.0)
    """Discount rate [-]; where not given, the factor discount_rate of the region."""
    damage_growth: float = Field(0.0, ge=-0.2, le=0.2)
    """Yearly growth of averted damage, from the second year on, at constant prices [-]."""
    timing: Literal["year_end", "year_start"] = "year_end"
    """When the damage and upkeep of a year fall due: at its end, or at its start, the first then undiscounted."""


class CostBenefit(NamedTuple):
    """Benefit, cost and the measures of merit made of them."""

    averted_damage: AVERTED_DAMAGE
    lifetime_cost: LIFETIME_COST
    net_present_value: NET_PRESENT_VALUE
    benefit_cost_ratio: BENEFIT_COST_RATIO
    payback_time: PAYBACK_TIME


@model(
    version=1,
    cite="OMB (2023), Circular A-94, appendix B, section 1: discount factor 1/(1 + i)^t, net present value; Bresch and "
    "Aznar-Siguan (2021), Geosci. Model Dev. 14: 351-363: averted damage as benefit",
    validity="Direct damage alone, at constant prices of one currency; one investment at the start, no residual value "
    "and no time of construction; the measure works alike in every year of its life.",
    alone=True,
)
def cost_benefit(
    *,
    damage_without_measure: DAMAGE_WITHOUT_MEASURE,
    damage_with_measure: DAMAGE_WITH_MEASURE,
    investment_cost: INVESTMENT_COST,
    upkeep_cost: UPKEEP_COST,
    service_life: SERVICE_LIFE,
    p: CostBenefitParams,
    discount_rate: Annotated[Factors, Fact("discount_rate")] | None = None,
) -> CostBenefit:
    """Return net present value, benefit-cost ratio and payback time of a measure that averts expected annual damage.

    Benefit is the present value, over the service life, of expected annual damage without the measure less that with
    it; it is negative where the measure makes floods worse. Cost is the investment and the present value of
    upkeep. The payback time is discounted, linear within a year, and has no value where benefits never outweigh costs.
    Raises InputError where the measure costs nothing, or no discount rate is known for the region.
    """
    if investment_cost <= 0.0 and upkeep_cost <= 0.0:
        raise InputError("cost_benefit.no_cost")
    appraisal = kernel.cost_benefit(
        kernel.Flows(
            averted=damage_without_measure - damage_with_measure,
            investment=investment_cost,
            upkeep=upkeep_cost,
            life=service_life,
            rate=_rate(p, discount_rate),
            growth=p.damage_growth,
            at_start=p.timing == "year_start",
        )
    )
    return CostBenefit(*appraisal)


def _rate(p: CostBenefitParams, discount_rate: Factors | None) -> float:
    """Return the discount rate: that given, else that of the region."""
    if p.discount_rate is not None:
        return p.discount_rate
    if discount_rate is None:
        raise InputError("cost_benefit.no_rate")
    return discount_rate[""]
