"""Villages: emissions proportional to amounts, villages add up, a digester never makes more methane than manure has."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lowcarbon.test_farming import emitted

amount = st.floats(0, 1e6)
NAMES = ("rice_area", "pigs", "nitrogen_fertiliser", "straw_burnt", "household_coal")


@given(st.lists(amount, min_size=5, max_size=5), st.floats(0, 1), st.floats(0, 50))
def test_emissions_are_proportional_to_amounts(amounts: list[float], share: float, times: float) -> None:
    columns: dict[str, Any] = {name: [value] for name, value in zip(NAMES, amounts, strict=True)}
    grown: dict[str, Any] = {name: [times * value] for name, value in zip(NAMES, amounts, strict=True)}
    once, more = emitted(**columns, biogas_share=[share]), emitted(**grown, biogas_share=[share])
    for one, many in zip(once, more, strict=True):
        assert many["v0"] == pytest.approx(times * one["v0"], rel=1e-9, abs=1e-6)


@given(amount, amount, st.floats(0, 1))
def test_villages_add_up(one: float, other: float, share: float) -> None:
    apart = emitted(pigs=[one, other], biogas_share=[share, share])
    together = emitted(pigs=[one + other], biogas_share=[share])
    for many, single in zip(apart, together, strict=True):
        assert many.sum() == pytest.approx(single["v0"], rel=1e-9, abs=1e-6)


@given(amount, st.floats(0, 1), st.floats(0, 1))
def test_more_manure_to_digesters_makes_more_gas_and_less_methane_in_the_air(
    pigs: float, one: float, other: float
) -> None:
    less, more = (emitted(pigs=[pigs], biogas_share=[share]) for share in sorted((one, other)))
    assert more.biogas_made["v0"] >= less.biogas_made["v0"] - 1e-9
    assert more.livestock_methane["v0"] <= less.livestock_methane["v0"] + 1e-6


def corners() -> list[tuple[float, float]]:
    """Nothing and a great deal, without and with digesters: amounts have no range of their own."""
    return list(itertools.product((0.0, 1e9), (0.0, 1.0)))


@pytest.mark.parametrize(("value", "share"), corners())
def test_corners(value: float, share: float) -> None:
    columns: dict[str, Any] = {name: [value] for name in NAMES}
    found = emitted(**columns, biogas_share=[share])
    for values in found:
        assert values["v0"] >= 0
    assert (found.biogas_made["v0"] > 0) == (value * share > 0)
