"""Invariants of the model, drawn by hypothesis and at the corners of the ranges."""

from collections.abc import Mapping

import pandas as pd

from citybraid.core.vocabulary.risk import BUILDING_DAMAGE
from citybraid.resilience.damage.annual import AnnualParams
from citybraid.resilience.damage.expected_annual_damage import expected_annual_damage
from tests.invariants.annual import AnnualInvariants


class TestExpectedAnnualDamage(AnnualInvariants):
    quantity = BUILDING_DAMAGE

    def expected(self, losses: Mapping[str, float], periods: Mapping[str, float], p: AnnualParams) -> float:
        outputs = expected_annual_damage(
            damages={event: pd.Series([loss], ["a"]) for event, loss in losses.items()}, return_periods=periods, p=p
        )
        return float(outputs.expected_annual_damage.iloc[0])
