"""Milestones with the pairs that were run: what measures that meet take from each other is asked for beside it."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.phasing import Milestone, Work, Years, grown, phases
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Programme
from citybraid.integrate.learn.effects import EffectTable, Pair, Single
from citybraid.study.run.outlook.phasing import _Meeting, _ordered

NAME = "net_emissions"
YEARS = Years(2026, (20.0, 0.0, 0.0))
WORKS = tuple(Work(name, "unit", 10.0, 10.0, 1) for name in ("panels", "pumps"))


def meeting(together: float) -> _Meeting:
    """Return two measures that each lower emissions by 10, and both together by as much less or more."""
    rows = ["unit", WHOLE_AREA]
    alone = {
        name: Single(pd.Series({"unit": 1.0}), pd.DataFrame({NAME: -10.0}, index=rows)) for name in ("panels", "pumps")
    }
    one = pd.Series({"unit": 1.0, WHOLE_AREA: 1.0})
    pair = Pair(
        one, one, pd.DataFrame({NAME: -20.0 + together}, index=rows), pd.DataFrame({NAME: together}, index=rows)
    )
    effects = EffectTable(pd.DataFrame({NAME: 100.0}, index=rows), alone, {("panels", "pumps"): pair})
    prices = {name: Price(10.0, 0.0, 1.0, 10.0, "user", ()) for name in alone}
    choice: Any = SimpleNamespace(
        chosen=SimpleNamespace(adoption=pd.DataFrame({name: {"unit": 1.0} for name in alone}))
    )  # fmt: skip
    return _Meeting(Programme.of(effects, prices), choice, YEARS)


def asked(least: float) -> Milestone:
    return Milestone(NAME, 2028, least, (10.0, 10.0))


@pytest.mark.parametrize(("together", "gained"), [(4.0, 16.0), (-4.0, 24.0), (0.0, 20.0)])
def test_what_is_reached_is_the_sum_and_the_pair(together: float, gained: float) -> None:
    found = phases(WORKS, YEARS)
    assert found.start == (2026, 2026)
    assert meeting(together).gained(found, asked(0.0)) == pytest.approx(gained)


@pytest.mark.parametrize(("together", "each"), [(4.0, 8.0), (-4.0, 12.0), (0.0, 10.0)])
def test_years_gain_with_the_pairs_of_what_is_built_by_then(together: float, each: float) -> None:
    """Panels and pumps lower emissions by 10 each, and by 4 less together: half of it counts for either."""
    meet = meeting(together)
    gain = -meet.programme.coefficients(NAME)
    assert meet.shared(WORKS, gain) == pytest.approx([each, each])
    both = meet.by_year(phases(WORKS, YEARS), gain)
    assert both["alone"] == pytest.approx([0.0, 20.0, 20.0])
    assert both["gained"] == pytest.approx([0.0, 2 * each, 2 * each])
    one = meet.by_year(phases(WORKS, Years(2026, (10.0, 10.0, 0.0))), gain)
    assert one["gained"] == pytest.approx([0.0, 10.0, 2 * each]), "alone until the other is built"


def test_a_sum_that_the_pair_takes_away_is_no_milestone_reached() -> None:
    """Added up 20, together 16: 18 are not reached and 15 are; without the pair 18 would be."""
    assert _ordered(WORKS, YEARS, [asked(18.0)], meeting(4.0)) is None
    assert _ordered(WORKS, YEARS, [asked(15.0)], meeting(4.0)) is not None
    assert _ordered(WORKS, YEARS, [asked(18.0)], meeting(0.0)) is not None


def test_a_growing_work_meets_another_by_its_part() -> None:
    """Trees of four years are half grown two years after they are built; what is not built has no part."""
    works = (Work("trees", "unit", 5.0, 8.0, 1, 4), Work("pumps", "unit", 50.0, 8.0, 1))
    found = phases(works, Years(2026, (5.0, 0.0, 0.0, 0.0)))
    np.testing.assert_allclose(grown(found, Years(2026, (5.0, 0.0, 0.0, 0.0)), 2028), [0.5, 0.0])
