"""A measure of 25 and a half years whose averted damage grows, discounted by the rate of the region."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.damage.cost_benefit import CostBenefitParams


def golden_case() -> Mapping[str, Any]:
    return {
        "damage_without_measure": 4697.0,
        "damage_with_measure": 3120.5,
        "investment_cost": 12_000.0,
        "upkeep_cost": 240.0,
        "service_life": 25.5,
        "p": CostBenefitParams(damage_growth=0.015),
        "discount_rate": {"": 0.08},
    }
