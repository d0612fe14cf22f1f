"""What holds for more frequent transit at every stop."""

import itertools

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.travel import HEADWAY
from tests.integrate.test_travel_measures import served
from tests.ranges import ends
from tests.travel_town import station

headways = st.floats(*ends(HEADWAY))
shares = st.floats(0.0, 1.0)


def at(headway: float) -> gpd.GeoDataFrame:
    return station(100.0, 100.0, kind="bus", headway=headway)


@given(headways, headways, shares, shares)
def test_more_is_never_rarer(now: float, wanted: float, one: float, other: float) -> None:
    less, more = (served(at(now), headway=wanted, share=share) for share in sorted((one, other)))
    assert more.headway["m1"] <= less.headway["m1"] * (1 + 1e-12) <= now * (1 + 1e-9)
    assert less.added_departures.sum() <= more.added_departures.sum() + 1e-9


@given(headways, headways, shares)
def test_departures_are_what_headways_say(now: float, wanted: float, share: float) -> None:
    found = served(at(now), headway=wanted, share=share)
    assert 60 / found.headway["m1"] - 60 / now == pytest.approx(found.added_departures.sum(), abs=1e-9)


def corners() -> list[tuple[float, float]]:
    return list(itertools.product(ends(HEADWAY), ends(HEADWAY)))


@pytest.mark.parametrize(("now", "wanted"), corners())
def test_corners(now: float, wanted: float) -> None:
    assert served(at(now), headway=wanted).headway["m1"] == pytest.approx(min(now, wanted))
