import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.activity import ACTIVITY_ENERGY, ACTIVITY_MASS, ACTIVITY_VOLUME
from citybraid.lowcarbon.activity.activity_emissions import (
    ActivityEmissions,
    ActivityEmissionsParams,
    activity_emissions,
)
from tests.activity_data import amounts, factors
from tests.ranges import ends

amount = st.floats(0, 1e9)
FACTORS = factors()


def emitted(mass: float, volume: float, energy: float) -> ActivityEmissions:
    lines = amounts(
        {"2023/road/diesel/a": mass}, {"2023/residential/natural_gas/b": volume},
        {"2023/commercial/electricity/c": energy},
    )  # fmt: skip
    return activity_emissions(**lines, **FACTORS, p=ActivityEmissionsParams())


@given(amount, amount, amount)
def test_the_total_is_the_sum_of_its_lines_and_linear(mass: float, volume: float, energy: float) -> None:
    found, twice = emitted(mass, volume, energy), emitted(2 * mass, 2 * volume, 2 * energy)
    assert found.activity_total == pytest.approx(found.activity_equivalent.sum(), rel=1e-9)
    assert twice.activity_total == pytest.approx(2 * found.activity_total, rel=1e-9)
    assert (found.activity_emitted.to_numpy() >= 0).all()


@given(amount, amount)
def test_how_rows_are_split_does_not_matter(one: float, other: float) -> None:
    apart = amounts({"2023/road/diesel/a": one, "2023/road/diesel/b": other})
    joined = amounts({"2023/road/diesel/a": one + other})
    totals = [
        activity_emissions(**lines, **FACTORS, p=ActivityEmissionsParams()).activity_total for lines in (apart, joined)
    ]
    assert totals[0] == pytest.approx(totals[1], rel=1e-9)


def corners() -> list[tuple[float, float, float]]:
    finite = [[min(each, 1e12) for each in ends(var)] for var in (ACTIVITY_MASS, ACTIVITY_VOLUME, ACTIVITY_ENERGY)]
    return [(a, b, c) for a in finite[0] for b in finite[1] for c in finite[2]]


@pytest.mark.parametrize(("mass", "volume", "energy"), corners())
def test_corners(mass: float, volume: float, energy: float) -> None:
    assert emitted(mass, volume, energy).activity_total >= 0
