"""Digesters: shares stay shares, more is never less, and the whole is reached once."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integrate.test_biogas_digester import installed

share = st.floats(0, 1)


@given(share, share, share)
def test_more_is_never_less_and_shares_stay_shares(old: float, one: float, other: float) -> None:
    less, more = (installed(share=value, biogas_share=[old]) for value in sorted((one, other)))
    assert old - 1e-12 <= less.biogas_share["v0"] <= more.biogas_share["v0"] + 1e-12 <= 1 + 2e-12
    assert less.biogas_capacity.sum() <= more.biogas_capacity.sum() + 1e-6


@given(share, st.floats(0, 1e6))
def test_the_rest_after_a_share_is_what_the_whole_would_make(one: float, pigs: float) -> None:
    first = installed(share=one, pigs=[pigs])
    rest = installed(share=1.0, pigs=[pigs], biogas_share=[float(first.biogas_share["v0"])])
    whole = installed(share=1.0, pigs=[pigs])
    assert first.biogas_capacity.sum() + rest.biogas_capacity.sum() == pytest.approx(
        whole.biogas_capacity.sum(), rel=1e-9, abs=1e-6
    )


def corners() -> list[tuple[float, float, float]]:
    """No share and all of it, no animals and very many."""
    return list(itertools.product((0.0, 1.0), (0.0, 1.0), (0.0, 1e9)))


@pytest.mark.parametrize(("old", "part", "pigs"), corners())
def test_corners(old: float, part: float, pigs: float) -> None:
    found = installed(share=part, pigs=[pigs], biogas_share=[old])
    assert found.biogas_share["v0"] == max(old, part)
    assert (found.biogas_capacity.sum() > 0) == (part > old and pigs > 0)
