"""Invariants of the model, drawn by hypothesis and at the corners of the ranges."""

from collections.abc import Mapping

import pandas as pd

from citybraid.core.vocabulary.risk import PEOPLE_EXPOSED
from citybraid.resilience.damage.annual import AnnualParams
from citybraid.resilience.people.expected_annual_exposed import expected_annual_exposed
from tests.invariants.annual import AnnualInvariants


class TestExpectedAnnualExposed(AnnualInvariants):
    quantity = PEOPLE_EXPOSED

    def expected(self, losses: Mapping[str, float], periods: Mapping[str, float], p: AnnualParams) -> float:
        outputs = expected_annual_exposed(
            exposures={event: pd.Series([loss], ["a"]) for event, loss in losses.items()}, return_periods=periods, p=p
        )
        return float(outputs.expected_annual_exposed.iloc[0])
