"""Residents under a plan: those who live there stay, new homes have their own; 39 710 stay 39 710 (41 545 before)."""

import numpy as np
import pandas as pd
import pytest

from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

CENSUS = 39_710.0
PER_PERSON = 36.5
"""Floor area per person in cities [m²] (China Population Census Yearbook 2020)."""
PLANS = ("as_planned", "scheme_a", "scheme_b", "with_measures")


def residents(ran: Run, alternative: str) -> pd.Series:
    found: pd.Series = ran.value(ran.layers(alternative)["residents"][""])
    return found


@pytest.mark.parametrize("plan", PLANS)
def test_homes_that_stay_keep_their_people(ran: Run, plan: str) -> None:
    before, after = residents(ran, "as_is"), residents(ran, plan)
    assert before.sum() == pytest.approx(CENSUS)
    stay = before.index.intersection(after.index)
    assert len(stay) == len(before)
    pd.testing.assert_series_equal(after[stay], before[stay], check_names=False)


@pytest.mark.parametrize("plan", PLANS)
def test_new_homes_have_a_person_per_living_area(ran: Run, plan: str) -> None:
    layers = ran.layers(plan)
    after = residents(ran, plan)
    new = after.index.difference(residents(ran, "as_is").index)
    area = ran.value(layers["buildings"][""])[new].area * ran.value(layers["floors"][""])[new]
    homes = ran.value(layers["building_use"][""])[new] == "residential"
    np.testing.assert_allclose(after[new], np.where(homes, area / PER_PERSON, 0.0), rtol=1e-9)
    assert ran.value(layers["population"][""]).sum() == pytest.approx(after.sum())
