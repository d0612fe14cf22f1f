"""Invariants that every measure on equipment of buildings holds; each measure's test file says which it is."""

import itertools
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citybraid.core.model import MeasureParams, Model
from citybraid.core.vocabulary.place import FLOORS, YEAR_BUILT
from tests.integrate.plan import ends
from tests.integrate.test_equipment import PLANT, done, quantity

INHERITED = settings(suppress_health_check=[HealthCheck.differing_executors])
"""A test that several classes inherit; none of them keeps anything between examples."""
YEARS = st.lists(st.floats(1900, 2030), min_size=5, max_size=5)
STOREYS = st.lists(st.floats(1, 40), min_size=5, max_size=5)


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(YEAR_BUILT), float("nan")), (*ends(FLOORS), float("nan"))))


class EquipmentInvariants:
    """It counts the floor area that it changes, more share never takes less, and ends of ranges hold."""

    measure: ClassVar[Model[Any, Any]]
    params: ClassVar[type[MeasureParams]]
    use: ClassVar[str]
    column: ClassVar[str]
    value: ClassVar[str]

    def renewed(self, years: list[float], floors: list[float], share: float = 1.0) -> tuple[np.ndarray, float]:
        """Return which buildings get the equipment, and the floor area that is counted [m2]."""
        plan = PLANT.assign(building_use=self.use, year_built=years, floors=floors)
        outputs = done(self.measure, self.params.model_validate({"share": share}), plan)
        return (getattr(outputs, self.column) == self.value).to_numpy(), float(quantity(self.measure, outputs).sum())

    @INHERITED
    @given(YEARS, STOREYS, st.floats(0, 1))
    def test_counts_the_floor_area_that_it_changes(self, years: list[float], floors: list[float], share: float) -> None:
        changed, counted = self.renewed(years, floors, share)
        assert counted == pytest.approx((PLANT.area * floors)[changed].sum())

    @INHERITED
    @given(YEARS, STOREYS, st.floats(0, 1), st.floats(0, 1))
    def test_more_share_changes_the_same_and_more(
        self, years: list[float], floors: list[float], one: float, other: float
    ) -> None:
        (less, _), (more, _) = (self.renewed(years, floors, share) for share in sorted((one, other)))
        assert not (less & ~more).any()

    @pytest.mark.parametrize(("year", "floors"), corners())
    def test_corners(self, year: float, floors: float) -> None:
        _, counted = self.renewed([year] * 5, [floors] * 5)
        assert (counted > 0) == (floors > 0)
