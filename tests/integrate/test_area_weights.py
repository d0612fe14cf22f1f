"""A share of the ground adds up by area: adopting in half of the units predicts what those units bring."""

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Programme
from citybraid.integrate.learn.effects import EffectTable, Single

UNITS = ["a", "b"]
PRICE = Price(build=1.0, upkeep=0.0, lifetime=10.0, present=1.0, status="verified", rows=())


@pytest.mark.parametrize(("area", "expected"), [(True, [-1.0, -1.5]), (False, [-1.25, -1.25])])
def test_the_whole_share_is_the_areas_mean(area: bool, expected: list[float]) -> None:
    base = pd.DataFrame({"flooded_share": [10.0, 10.0, 10.0]}, index=[*UNITS, WHOLE_AREA])
    change = pd.DataFrame({"flooded_share": [-4.0, -2.0, -2.5]}, index=[*UNITS, WHOLE_AREA])
    single = Single(pd.Series([5.0, 5.0], index=UNITS), change)
    areas = pd.Series([100.0, 300.0], index=UNITS) if area else None
    programme = Programme.of(EffectTable(base, {"paving": single}, {}, areas), {"paving": PRICE})
    assert programme.coefficients("flooded_share").tolist() == pytest.approx(expected)


def test_a_unit_without_residents_has_its_part_of_what_is_told_per_resident() -> None:
    """Modules on halls where nobody lives lower the area's emissions per resident as those on homes do."""
    base = pd.DataFrame({"emissions_per_resident": [2.0, float("nan"), 3.0]}, index=[*UNITS, WHOLE_AREA])
    change = pd.DataFrame({"emissions_per_resident": [-0.8, float("nan"), -0.78]}, index=[*UNITS, WHOLE_AREA])
    modules = Single(pd.Series([1.0, 3.0], index=UNITS), change)
    areas = pd.Series([100.0, 1.0], index=UNITS)
    programme = Programme.of(EffectTable(base, {"modules": modules}, {}, areas), {"modules": PRICE})
    assert programme.coefficients("emissions_per_resident").tolist() == pytest.approx([-0.195, -0.585])
