"""Warnings are never later and nobody is less prepared; as many are warned as there are people at most."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import POPULATION
from citybraid.core.vocabulary.preparedness import PREPARED_SHARE
from citybraid.core.vocabulary.risk import WARNING_TIME
from citybraid.integrate.measures.early_warning import EarlyWarning, EarlyWarningParams, early_warning
from tests.integrate.plan import BUILDINGS, UNITS, ends, run

shares = st.floats(0, 1)


def warned(p: EarlyWarningParams, *, before: float | None, old: object) -> EarlyWarning:
    buildings = BUILDINGS[["geometry"]].assign(**({} if old is None else {"prepared_share": old}))
    found: EarlyWarning = run(early_warning, p, warning_time=before, buildings=buildings)
    return found


@given(
    st.lists(shares | st.just(float("nan")), min_size=5, max_size=5),
    shares,
    shares,
    st.floats(0, 240),
    st.none() | st.floats(0, 240),
)
def test_more_share_never_prepares_fewer(
    old: list[float], one: float, other: float, lead: float, before: float | None
) -> None:
    found = [
        warned(EarlyWarningParams(share=share, lead_time=lead), before=before, old=old)
        for share in sorted((one, other))
    ]
    less, more = (np.nan_to_num(each.prepared_share, nan=1.0) for each in found)
    assert (more >= less).all()
    assert found[0].warning_time >= (before or 0.0)
    assert found[1].warning_time >= found[0].warning_time
    assert (found[1].people_warned >= found[0].people_warned).all()
    assert (found[1].people_warned <= UNITS["population"]).all()


def corners() -> list[tuple[float, float, float]]:
    parts = ((*ends(PREPARED_SHARE), float("nan")), ends(WARNING_TIME), (*ends(POPULATION), float("nan")))
    return list(itertools.product(*parts))


@pytest.mark.parametrize(("old", "before", "people"), corners())
def test_corners(old: float, before: float, people: float) -> None:
    units = UNITS[["geometry"]].assign(population=people, people_warned=0.0)
    buildings = BUILDINGS[["geometry"]].assign(prepared_share=old)
    found = run(early_warning, warning_time=before, buildings=buildings, units=units)
    assert found.warning_time == max(before, 3.0)
    assert found.people_warned.sum() == 2.0 * np.nan_to_num(people)
    assert np.nan_to_num(found.prepared_share, nan=-1.0).tolist() == [1.0 if np.isfinite(old) else -1.0] * 5
