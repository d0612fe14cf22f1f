"""Waste of residents: proportional to people, linear in shares, never negative, in one scope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.lowcarbon.waste.household_waste import WAYS, HouseholdWasteParams, TreatedOutside, household_waste
from tests.energy_year import row_of_buildings
from tests.ranges import ends

FACTORS = ("waste_generation", "waste_treatment", "landfill", "incineration", "biological_treatment")
SHIPPED = {name: resolve(name, region="CN") for name in FACTORS}
people = st.floats(0, 1e5)


def gases(residents: list[float], share: dict[str, float] | None = None) -> TreatedOutside:
    table = row_of_buildings(("residential",) * len(residents)).assign(residents=residents)
    rows = SHIPPED if share is None else SHIPPED | {"waste_treatment": share}
    found = household_waste(buildings=table, p=HouseholdWasteParams(), **rows)
    assert found.outside is not None
    assert found.inside is None
    return found.outside


@given(people, people)
def test_homes_add_up(one: float, other: float) -> None:
    for apart, together in zip(gases([one, other]), gases([one + other]), strict=True):
        assert apart.sum() == pytest.approx(together["b0"], rel=1e-9, abs=1e-9)


@given(st.sampled_from(WAYS), st.sampled_from(WAYS), st.floats(0, 1))
def test_a_mix_lies_between_its_ways(one: str, other: str, share: float) -> None:
    mix = gases([1e3], {one: 1.0} if one == other else {one: share, other: 1 - share})
    for got, first, second in zip(mix, gases([1e3], {one: 1.0}), gases([1e3], {other: 1.0}), strict=True):
        assert got["b0"] == pytest.approx(share * first["b0"] + (1 - share) * second["b0"], rel=1e-9, abs=1e-9)


def corners() -> tuple[float, float]:
    return ends(RESIDENTS)


@pytest.mark.parametrize("residents", corners())
def test_corners(residents: float) -> None:
    for gas in gases([residents]):
        assert (gas["b0"] > 0) == (residents > 0)
