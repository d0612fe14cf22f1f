"""What holds for new stops everywhere."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.travel import HEADWAY
from citybraid.core.vocabulary.place import RESIDENTS
from tests.examples import at_most
from tests.integrate.test_cycling_and_stops import BLOCKS, CORNER, stopped
from tests.ranges import ends
from tests.travel_town import buildings

HOMES = buildings(blocks=BLOCKS)[["geometry", "residents"]]


def served(stops: object, distance: float) -> float:
    """Return the residents within a distance of a stop."""
    places = shapely.get_coordinates(np.asarray(stops))
    homes = shapely.get_coordinates(HOMES.centroid.to_numpy())
    away = np.hypot(*(homes[:, None] - places[None]).transpose(2, 0, 1)).min(axis=1)
    return float(HOMES["residents"][away <= distance].sum())


@at_most(10)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(100.0, 600.0))
def test_more_serve_more_and_the_share_is_reached(one: float, other: float, distance: float) -> None:
    less, more = (
        stopped(params={"share": share, "distance": distance, "least_residents": 1.0}) for share in sorted((one, other))
    )
    assert served(less.stops, distance) <= served(more.stops, distance) + 1e-9
    before, most = served(CORNER.geometry, distance), HOMES["residents"].sum()
    assert served(more.stops, distance) >= before + max(one, other) * (most - before) * 0.999 or distance < 200.0
    assert more.added_stops.sum() == len(more.stops) - 1
    assert more.stops.index.is_unique


@pytest.mark.parametrize(
    ("residents", "headway"), list(itertools.product((*ends(RESIDENTS), float("nan")), ends(HEADWAY)))
)
def test_corners(residents: float, headway: float) -> None:
    found = stopped(buildings=HOMES.assign(residents=residents), stops=CORNER.assign(headway=headway))
    assert (found.added_stops.sum() > 0.0) == (residents > 0.0)
    assert found.headway["m1"] == headway
