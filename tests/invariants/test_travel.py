"""What holds for travel in every town."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.travel import HEADWAY
from citybraid.core.vocabulary.place import FLOOR_AREA, RESIDENTS
from citybraid.lowcarbon.travel.travel import TravelResult, travel
from tests.examples import at_most
from tests.ranges import ends
from tests.travel_town import buildings, factors, station, streets, town

BLOCKS = 4


def small(seed: int, **changed: object) -> TravelResult:
    rng = np.random.default_rng(seed)
    table = buildings(blocks=BLOCKS)
    table["residents"] *= rng.uniform(0.0, 2.0, len(table))
    table["floor_area"] *= rng.uniform(0.1, 2.0, len(table))
    return travel(**town(buildings=table, streets=streets(blocks=BLOCKS), **changed))


seeds = st.integers(0, 2**31)


@given(seeds)
@at_most(8)
def test_trips_and_energy_balance(seed: int) -> None:
    found = small(seed)
    parts = found.transport_emissions + found.travel_electricity_emissions + found.metro_emissions
    np.testing.assert_allclose(found.travel_emissions, parts, rtol=1e-9)
    assert found.mode_emissions.sum() == pytest.approx(parts.sum(), rel=1e-9)
    assert found.assignment_gap <= 1e-4
    assert 0.0 <= found.outside_trip_share <= 1.0


@given(seeds, st.floats(1.05, 3.0))
@at_most(8)
def test_dearer_driving_never_lengthens_car_kilometres(seed: int, times: float) -> None:
    demand = factors()["demand"]
    dear = {name: value * (times if name in {"car_km", "parking"} else 1) for name, value in demand.travel_cost.items()}
    before, after = small(seed), small(seed, demand=demand._replace(travel_cost=dear))
    assert after.car_distance.sum() < before.car_distance.sum()
    assert after.mode_trips["bus"] > before.mode_trips["bus"]


@given(seeds, st.floats(1.5, 40.0))
@at_most(8)
def test_a_rarer_metro_carries_fewer(seed: int, more: float) -> None:
    often, rarely = (small(seed, stops=station(400.0, 400.0, headway=wait)) for wait in (3.0, 3.0 + more))
    assert rarely.mode_trips["metro"] < often.mode_trips["metro"]
    assert rarely.car_distance.sum() >= often.car_distance.sum()


def corners() -> tuple[float, float]:
    return ends(RESIDENTS)


@pytest.mark.parametrize("residents", [one for one in corners() if one > 0.0])
@pytest.mark.parametrize("floor_area", ends(FLOOR_AREA))
@pytest.mark.parametrize("headway", ends(HEADWAY))
def test_corners(residents: float, floor_area: float, headway: float) -> None:
    table = buildings(blocks=BLOCKS).assign(residents=min(residents, 1e4), floor_area=min(floor_area, 1e5))
    given_inputs = town(buildings=table, streets=streets(blocks=BLOCKS), stops=station(400.0, 400.0, headway=headway))
    found = travel(**given_inputs)
    assert np.isfinite(found.travel_emissions).all()
    assert found.mode_trips.sum() > 0.0
