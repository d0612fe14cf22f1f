"""Current through a planted gap, old people in heat and walks to cool rooms, by Kirchhoff, by counting, by blocks."""

import numpy as np
import pytest

from citybraid.core.factor import resolve
from citybraid.resilience.people.heat_risk import HeatRiskParams, heat_risk
from tests.heat_people import felt, homes
from tests.movement_case import connected
from tests.resilience.test_cool_room_access import MINUTE, access, rooms
from tests.resilience.test_cool_room_access import homes as houses

LENGTH = 12
GRASS, ROAD, TREES = 10.0, 400.0, 1.0
GAP = slice(5, 7)


def lanes(gap: float) -> np.ndarray:
    """Return two lanes of grass between two woods, apart from each other; in the second a gap of two cells."""
    ground = np.full((3, LENGTH), GRASS)
    ground[:, :1] = ground[:, -1:] = TREES
    ground[2, GAP] = gap
    ground[1, 1:-1] = np.nan
    return ground


def woods() -> np.ndarray:
    patch = np.zeros((3, LENGTH), np.int32)
    patch[:, 0], patch[:, -1] = 1, 2
    return patch


def conductance(lane: np.ndarray) -> float:
    """Return the conductance of cells in a row: half the resistance of each of two neighbours, one after the other."""
    return 1.0 / float((0.5 * (lane[:-1] + lane[1:])).sum())


@pytest.mark.parametrize("gap", [ROAD, TREES])
def test_the_planted_lane_takes_its_share_by_kirchhoff(gap: float) -> None:
    """Lanes side by side share one ampere by their conductances: a tenth through the road, half through trees."""
    ground = lanes(gap)
    found = connected(ground, woods(), average="resistance", neighbours="4")
    whole, gapped = conductance(ground[0]), conductance(ground[2])
    assert float(found.patch_conductance) == pytest.approx(whole + gapped, rel=1e-6)
    through = np.asarray(found.current_flow)[2, GAP]
    assert through == pytest.approx(gapped / (whole + gapped), rel=1e-6)


def test_planting_the_gap_moves_current_there() -> None:
    shares = []
    for gap in (ROAD, TREES):
        found = connected(lanes(gap), woods(), neighbours="4", average="resistance")
        shares.append(float(np.asarray(found.current_flow)[2, 5]))
    assert shares[0] < 0.15
    assert 0.5 < shares[1] < 0.6


def test_old_people_in_heat_are_counted_hour_by_hour() -> None:
    """UTCI of 38 degC and more is very strong; `elderly_heat_person_hours` counts 32 and more of the old."""
    hours = np.random.default_rng(7).uniform(24.0, 44.0, (5, 24))
    people, old = [10.0, 4.0, 7.0, 1.0, 20.0], [2.0, 1.0, 0.0, 1.0, 5.0]
    found = heat_risk(
        buildings=homes(people, elderly=old), hourly_utci=felt(hours), heat_stress_limit=resolve("heat_stress_limit"),
        p=HeatRiskParams(reach=30.0),
    )  # fmt: skip
    all_hours = (hours >= 38.0).sum(axis=1) * np.array(people)
    assert found.very_strong_heat_person_hours.tolist() == pytest.approx(all_hours.tolist())
    limit = {limit: ((hours >= limit).sum(axis=1) * np.array(old)).tolist() for limit in (32.0, 38.0)}
    assert found.elderly_heat_person_hours.tolist() in limit.values()


def test_walks_to_cool_rooms_are_those_of_blocks() -> None:
    """On streets every 100 m a walk is the sum of east and north; 5 minutes are near, more than 10 far."""
    draw = np.random.default_rng(3)
    at = [(100.0 * x, 100.0 * y + 50.0) for x, y in draw.integers(0, 10, (30, 2))]
    cool = [(200.0, 250.0), (800.0, 650.0)]
    found = access(houses(*at), rooms(*cool))
    walk = np.array([
        min(abs(x - u) + abs(y - v) if x == u or y != v else abs(x - u) + 100.0 for u, v in cool) for x, y in at
    ])  # fmt: skip
    minutes = walk / MINUTE
    clear = (np.abs(minutes - 5.0) > 0.2) & (np.abs(minutes - 10.0) > 0.2)
    near, far = found.people_near_cool_room.to_numpy(), found.people_far_from_cool_room.to_numpy()
    assert (near[clear] == np.where(minutes <= 5.0, 10.0, 0.0)[clear]).all()
    assert (far[clear] == np.where(minutes > 10.0, 10.0, 0.0)[clear]).all()
    assert 0.0 < near.sum() < 300.0
    assert 0.0 < far.sum() < 300.0
