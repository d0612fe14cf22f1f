"""Networks and choices, each by another route: what it costs that drivers choose for themselves, buses of two colours,
trips that balance, parks that are shared, crews that mend, a town that empties.

| question | other route |
|---|---|
| user equilibrium | Pigou's two roads and Braess' four, price of anarchy 4/3; with time as the fourth power 2.15 |
| nested logit | red bus, blue bus: 1 / (1 + 2^s) for the car, log (1 + 2^s) for all |
| gravity | a quadratic for two by two; Lagrange's multipliers by scipy for four by three |
| floating catchments | dense matrices, W' diag(S / W P) |
| repairs | all orders of five jobs on all splits between two crews, times of return by recursion |
| evacuation | largest flow of the streets by scipy, with and without contraflow |
"""

import itertools
import math
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import scipy.optimize
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow
from shapely.geometry import LineString, box

from citybraid.core.factor import resolve
from citybraid.kernels.lifelines.cascade import needs
from citybraid.kernels.transport.catchment import gaussian_weight, step_weight, two_step
from citybraid.kernels.transport.equilibrium import user_equilibrium
from citybraid.kernels.transport.links import Links, Volume, link_time
from citybraid.kernels.transport.mode_choice import nested_logit
from citybraid.kernels.transport.trip_table import deterrence, furness
from citybraid.resilience.lifelines.schedule import Crews, Jobs, schedule_gap
from citybraid.resilience.relief.evacuation import EvacuationParams, evacuation
from tests.resilience.street_town import CRS, grid, streets
from tests.resilience.test_cool_room_access import homes

NOTHING = 1e-12
"""Free-flow time of a road whose time is all due to others; BPR's form has none without."""
STEADY = (1.0, 0.0)
"""Free-flow time and rise of a road that is never full."""


def anarchy(links: Links, roads: list[tuple[float, float]], *, power: float = 1.0) -> tuple[float, float]:
    """Return total times of one unit of drivers who choose for themselves, and who follow the best plan.

    Roads have a free time and a rise; the best plan is the equilibrium of marginal times t + v t' (Beckmann 1956).
    """
    free, rise = (np.array(column) for column in zip(*roads, strict=True))
    law = Volume(free, np.ones(free.size), rise / free, np.full(free.size, power))
    ends = np.array([0, links.nodes - 1])
    demand = np.array([[0.0, 1.0], [0.0, 0.0]])
    own = user_equilibrium(links, law, ends=ends, demand=demand, gap=1e-12, most=2000)
    plan = law._replace(b=law.b * (power + 1.0))
    best = user_equilibrium(links, plan, ends=ends, demand=demand, gap=1e-12, most=2000)
    return float(own.flow @ own.time), float(best.flow @ link_time(law, best.flow))


@pytest.mark.parametrize("power", [1.0, 4.0])
def test_pigou_s_two_roads(power: float) -> None:
    """Everybody takes the road whose time is v^d, and it takes 1; at best v = (d + 1)^(-1/d) take it."""
    two = Links(np.array([0, 0]), np.array([1, 1]), 2)
    own, best = anarchy(two, [(NOTHING, 1.0), STEADY], power=power)
    some = (power + 1.0) ** (-1.0 / power)
    assert own == pytest.approx(1.0, rel=1e-6)
    assert best == pytest.approx(some ** (power + 1.0) + 1.0 - some, rel=1e-6)
    assert own / best == pytest.approx({1.0: 4 / 3, 4.0: 2.1505}[power], abs=1e-4)


def test_braess_bridge_makes_everybody_s_way_longer_by_a_third() -> None:
    """Without the bridge half take each way, 1.5; with it all take both narrow roads, 2. The best plan leaves it be."""
    narrow = (NOTHING, 1.0)
    apart = Links(np.array([0, 0, 1, 2]), np.array([1, 2, 3, 3]), 4)
    joined = Links(np.array([0, 0, 1, 2, 1]), np.array([1, 2, 3, 3, 2]), 4)
    roads = [narrow, STEADY, STEADY, narrow]
    assert anarchy(apart, roads) == pytest.approx((1.5, 1.5), rel=1e-6)
    own, best = anarchy(joined, [*roads, (NOTHING, 0.0)])
    assert (own, best) == pytest.approx((2.0, 1.5), rel=1e-6)
    assert own / best == pytest.approx(4 / 3, rel=1e-6)


@pytest.mark.parametrize("scale", [1.0, 0.7, 0.3, 1e-3])
def test_a_bus_painted_in_two_colours(scale: float) -> None:
    """Car, red and blue bus of one utility: at 1 a third each (multinomial), near 0 the buses are one, a half."""
    found = nested_logit(np.full((3, 1), 0.4), nest=np.array([0, 1, 1]), scale=np.array([1.0, scale]))
    car = 1.0 / (1.0 + 2.0**scale)
    assert found.share[:, 0] == pytest.approx([car, (1.0 - car) / 2.0, (1.0 - car) / 2.0])
    assert found.logsum[0] == pytest.approx(0.4 + math.log(1.0 + 2.0**scale))


def test_shares_of_unlike_modes_are_those_of_the_generating_function() -> None:
    """McFadden (1978): P_i = y_i G_i / G, G the sum of (sum of y^(1/s))^s, by differences; the logsum is log G."""
    utility, nest, scale = (
        np.array([-1.2, -0.4, -2.0, 0.3, -0.9]),
        np.array([0, 0, 1, 1, 2]),
        np.array([0.6, 0.35, 1.0]),
    )

    def generating(y: np.ndarray) -> float:
        return float(sum((y[nest == m] ** (1 / s)).sum() ** s for m, s in enumerate(scale)))

    y, step = np.exp(utility), 1e-6
    rise = [(generating(y + step * each) - generating(y - step * each)) / (2 * step) for each in np.eye(5)]
    found = nested_logit(utility[:, None], nest=nest, scale=scale)
    assert found.share[:, 0] == pytest.approx(y * np.array(rise) / generating(y), rel=1e-6)
    assert found.logsum[0] == pytest.approx(math.log(generating(y)))


def test_trips_between_two_towns_by_a_quadratic() -> None:
    """The cross ratio of a table with these margins is that of the deterrence: x (x - 10) = r (60 - x) (50 - x)."""
    cost = np.array([[2.0, 7.0], [9.0, 3.0]])
    found = furness(
        deterrence(cost, decay=0.2), origins=np.array([60.0, 40.0]), destinations=np.array([50.0, 50.0]), error=1e-12
    )
    ratio = math.exp(-0.2 * (2.0 + 3.0 - 7.0 - 9.0))
    stay = max(x for x in np.roots([1.0 - ratio, 110.0 * ratio - 10.0, -3000.0 * ratio]) if 10.0 <= x <= 50.0)
    assert found.trips == pytest.approx(np.array([[stay, 60.0 - stay], [50.0 - stay, stay - 10.0]]), rel=1e-9)


def test_trips_are_those_of_most_entropy() -> None:
    """Wilson (1967): multipliers of rows and columns that minimise the dual, by a general solver."""
    cost = np.array([[3.0, 8.0, 5.0], [6.0, 2.0, 9.0], [4.0, 4.0, 4.0], [9.0, 7.0, 1.0]])
    origins, destinations = np.array([120.0, 80.0, 60.0, 40.0]), np.array([150.0, 90.0, 60.0])
    lengths = np.exp(-0.15 * cost)

    def table(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.exp(x[:4, None] + x[None, 4:]) * lengths)

    def dual(x: np.ndarray) -> float:
        return float(table(x).sum() - x[:4] @ origins - x[4:] @ destinations)

    def slope(x: np.ndarray) -> np.ndarray:
        return np.concatenate([table(x).sum(axis=1) - origins, table(x).sum(axis=0) - destinations])

    other = scipy.optimize.minimize(dual, np.zeros(7), jac=slope, method="BFGS", options={"gtol": 1e-9})
    found = furness(deterrence(cost, decay=0.15), origins=origins, destinations=destinations, error=1e-12)
    assert found.trips == pytest.approx(table(other.x), rel=1e-6)
    assert found.trips.sum(axis=1) == pytest.approx(origins)
    assert found.trips.sum(axis=0) == pytest.approx(destinations)


def test_parks_are_shared_by_dense_matrices() -> None:
    """Ways of three parks (rows) and four homes: at the catchment's edge a step counts whole and Gauss' curve not."""
    ways = np.array([[200.0, 900.0, 1000.0, 3000.0], [1500.0, 400.0, 500.0, 999.0], [4000.0, 4000.0, 2000.0, 1001.0]])
    supply, people = np.array([6000.0, 20_000.0, 9000.0]), np.array([300.0, 50.0, 120.0, 800.0])
    edge = math.exp(-0.5)
    forms = {
        step_weight: [[1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 0, 0]],
        gaussian_weight: [
            [(math.exp(-0.5 * (way / 1000.0) ** 2) - edge) / (1 - edge) if way < 1000.0 else 0.0 for way in row]
            for row in ways.tolist()
        ],
    }
    for form, rows in forms.items():
        weight = np.array(rows, dtype=np.float64)
        reached = weight @ people
        mine = weight.T @ np.diag(np.where(reached > 0, supply / np.where(reached > 0, reached, 1.0), 0.0)) @ np.ones(3)
        found = two_step(csr_array(form(ways, reach=1000.0)), supply=supply, demand=people)
        assert found.place == pytest.approx(mine)
        assert found.place @ people == pytest.approx(26_000.0), "the third park is out of everybody's reach"


RELEASE, WORK = (0.0, 0.0, 5.0, 2.0, 9.0), (6.0, 3.0, 4.0, 8.0, 2.0)
SERVED = (10.0, 0.0, 0.0, 25.0, 40.0, 30.0, 55.0)
"""People at five damaged components and at two that are whole but need them."""
NEEDS = ((5, (0, 1)), (5, (2,)), (6, (1,)), (6, (3, 4)), (4, (2,)))
"""Component and what it needs one of."""


def back(mended: tuple[float, ...]) -> list[float]:
    """Return when each works again: itself mended, and of each of its needs the first supplier that works."""

    def works(node: int) -> float:
        own = mended[node] if node < len(mended) else 0.0
        return max([own, *(min(works(each) for each in suppliers) for owner, suppliers in NEEDS if owner == node)])

    return [works(node) for node in range(len(SERVED))]


@pytest.mark.parametrize(("crews", "damaged"), [(1, (0, 1, 2, 3, 4)), (2, (1, 2, 3, 4))])
def test_repairs_in_all_orders_and_splits(crews: int, damaged: tuple[int, ...]) -> None:
    best = math.inf
    for order in itertools.permutations(damaged):
        for split in itertools.product(range(crews), repeat=len(order)):
            free, ends = [0.0] * crews, [0.0] * 5
            for job, crew in zip(order, split, strict=True):
                free[crew] = ends[job] = max(free[crew], RELEASE[job]) + WORK[job]
            best = min(best, float(np.dot(SERVED, back(tuple(ends)))))
    net = needs(7, [(owner, suppliers, 0.0) for owner, suppliers in NEEDS])
    release = np.array([RELEASE[job] if job in damaged else np.inf for job in range(7)])
    jobs, team = Jobs(release, np.array([*WORK, 1.0, 1.0])), Crews(np.zeros(7, np.int64), np.array([crews]))
    gap = schedule_gap(net, np.array(SERVED), jobs, team, np.arange(7))
    assert gap.exact
    assert gap.least == pytest.approx(best)
    assert gap.listed >= best - 1e-9


CORNERS = {"home": (100, 500), "north": (400, 800), "south": (400, 200), "far": (700, 800), "near": (700, 200)}
ROADS = (
    ("home", "north", "primary"), ("home", "south", "secondary"), ("north", "south", "secondary"),
    ("north", "far", "secondary"), ("south", "near", "primary"), ("far", "near", "secondary"),
)  # fmt: skip


@pytest.mark.parametrize("contraflow", [False, True])
def test_a_town_empties_at_the_rate_of_its_least_cut(contraflow: bool) -> None:
    """Two ways out, the bridge between them used: as many cars a minute as scipy's largest flow of the same streets."""
    capacity, law = resolve("road_capacity"), dict(resolve("evacuation"))
    law |= {"car_share": 1.0, "car_load": 2.0}
    names = ("road_speed", "road_capacity", "flooded_road_speed", "street_crossing", "travel_speed")
    facts: dict[str, Any] = {name: resolve(name) for name in names}
    lines = [LineString([CORNERS[a], CORNERS[b]]) for a, b, _ in ROADS]
    ends = [LineString([CORNERS["far"], (1000, 800)]), LineString([CORNERS["near"], (1000, 200)])]
    classes = [*(kind for *_, kind in ROADS), "secondary", "primary"]
    found = evacuation(
        buildings=homes((100.0, 505.0), residents=[6000.0]), streets=streets(*lines, *ends, road_class=classes),
        study_area=gpd.GeoSeries([box(-500, -500, 1000, 1500)], index=["a"], crs=CRS), evacuation=law,
        grid=grid(1000, 1000, 50), p=EvacuationParams(contraflow=contraflow, step=1.0),
        **facts,
    )  # fmt: skip
    places = [*CORNERS, "out"]
    room = np.zeros((6, 6), np.int32)
    whole = 1.0 + (law["contraflow_gain"] if contraflow else 0.0)
    for a, b, kind in [*ROADS, ("far", "out", "secondary"), ("near", "out", "primary")]:
        for one, other in ((a, b), (b, a)):
            room[places.index(one), places.index(other)] = round(capacity[kind] * whole)
    rate = maximum_flow(csr_array(room), places.index("home"), places.index("out")).flow_value / 60.0
    course = found.clearance_course.to_numpy()
    assert np.diff(course).max() / 2.0 == pytest.approx(rate, rel=1e-3)
    queue = 0.95 * 3000.0 / rate
    assert queue <= 60.0 * found.clearance_time <= queue + 4.0, "the way itself is some two minutes"
