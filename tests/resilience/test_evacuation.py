"""Evacuation: one road by hand with water, contraflow and buses; pieces, no exit; people conserved; figure."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.resilience.relief.evacuation import Evacuation, EvacuationParams, evacuation
from tests.ranges import ends
from tests.resilience.street_town import CRS, course, grid, raster, streets
from tests.resilience.test_cool_room_access import homes, lattice

HERE = grid(1000, 200, 10)
NAMES = ("evacuation", "road_speed", "road_capacity", "flooded_road_speed", "street_crossing", "travel_speed")
FACTS: dict[str, Any] = {name: resolve(name) for name in NAMES}
ROAD = streets(LineString([(0, 100), (1000, 100)]), road_class=["primary"])
"""1 km of arterial: 1.2 min at 50 km/h, 1 800 cars an hour and direction."""
AREA = box(-500, -500, 1000, 700)
"""The road's east end leads out of it, the west end is far from its edge."""


def area(shape: Polygon = AREA) -> gpd.GeoSeries:
    return gpd.GeoSeries([shape], index=["a"], crs=CRS)


def left(
    buildings: gpd.GeoDataFrame, roads: gpd.GeoDataFrame = ROAD, *, within: Polygon = AREA,
    given: dict[str, Any] | None = None, **p: Any,
) -> Evacuation:  # fmt: skip
    return evacuation(
        buildings=buildings, streets=roads, study_area=area(within),
        p=EvacuationParams.model_validate(p), **({"grid": HERE} | FACTS | (given or {})),
    )  # fmt: skip


def people(count: float) -> gpd.GeoDataFrame:
    """Return a home of so many people near the road's west end."""
    return homes((5.0, 110.0), residents=[count])


def test_one_road_by_hand() -> None:
    """3 000 people: 1 500 in 600 cars, 30 a minute, a minute of way; 1 500 on foot, 225 a minute, 15 minutes of way.

    By minute t, 75 t people are out by car up to minute 20, and 225 (t - 14) on foot up to 1 500.
    """
    answer = left(people(3000.0))
    minutes = np.arange(1, 20)
    expected = 75.0 * minutes + np.clip(225.0 * (minutes - 14), 0.0, 1500.0)
    np.testing.assert_allclose(answer.clearance_course.to_numpy()[1:20], expected)
    times = [answer.half_clearance_time, answer.most_clearance_time, answer.clearance_time]
    np.testing.assert_allclose(np.array(times) * 60.0, [16, 19, 20])
    assert answer.evacuation_time["b0"] * 60.0 == pytest.approx(21)
    assert answer.people_left_behind["b0"] == 0.0
    assert answer.evacuation_vehicles["s0"] == pytest.approx(600.0)
    assert answer.evacuation_full_hours["s0"] * 60.0 == pytest.approx(20)
    assert (answer.evacuation_exits, answer.buses_needed) == (1.0, 0.0)


def test_water_stops_the_cars_while_it_lasts() -> None:
    """Half a metre from minute 15 to 30: 450 cars are gone by then, the last 150 leave in minutes 30 to 34."""
    depth = course(HERE, [0.0, 1.0, 0.0], raster(np.full((20, 100), 0.5)), step=0.25)
    answer = left(people(3000.0), given={"depth_course": depth})
    out = answer.clearance_course.to_numpy() - answer.walking_clearance_course.to_numpy()
    assert out[15] == out[30] == 450 * 2.5
    assert out[35] == 600 * 2.5
    assert answer.evacuation_time["b0"] * 60.0 == pytest.approx(35)
    before = left(people(3000.0), given={"depth_course": depth}, start=-2.0)
    assert before.evacuation_time["b0"] * 60.0 == pytest.approx(21)
    lasting = course(HERE, [0.0, 1.0, 1.0], raster(np.full((20, 100), 0.5)), step=0.25)
    never = left(people(3000.0), given={"depth_course": lasting}, longest=1.0)
    assert never.people_left_behind["b0"] == pytest.approx(150 * 2.5)
    assert np.isnan(never.evacuation_time["b0"])
    assert np.isnan(never.clearance_time)


def test_contraflow_adds_two_thirds_and_buses_take_those_without_a_car() -> None:
    """50.1 cars a minute clear 600 in 12 steps; 1 500 people in 37.5 buses count as 75 cars: 675 in 22.5."""
    both = left(people(3000.0), contraflow=True)
    assert both.evacuation_full_hours["s0"] * 60.0 == pytest.approx(11)
    by_bus = left(people(3000.0), carless="bus")
    assert by_bus.evacuation_vehicles["s0"] == pytest.approx(675.0)
    assert by_bus.clearance_time * 60.0 == pytest.approx(np.ceil(0.95 * 22.5))
    assert by_bus.walking_clearance_course.sum() == 0.0
    assert by_bus.buses_needed >= 1.0


def test_a_network_in_two_pieces_and_one_without_an_exit() -> None:
    apart = streets(
        LineString([(0, 100), (1000, 100)]), LineString([(0, 180), (300, 180)]), road_class=["primary", "primary"]
    )
    answer = left(homes((5.0, 110.0), (150.0, 185.0), residents=[100.0, 40.0]), apart)
    assert answer.people_left_behind.tolist() == [0.0, 40.0]
    assert np.isnan(answer.evacuation_time["b1"])
    shut = left(people(100.0), within=box(-500, -500, 1500, 700))
    assert (shut.evacuation_exits, shut.people_left_behind.sum()) == (0.0, 100.0)
    assert np.isnan(shut.half_clearance_time)


def test_one_way_streets_lead_one_way() -> None:
    against = ROAD.assign(one_way=["-1"])
    answer = left(people(100.0), against)
    assert answer.people_left_behind["b0"] == pytest.approx(50.0), "walkers only"


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("relief.no_capacity", {"road_capacity": dict.fromkeys(FACTS["road_capacity"], 0.0)}),
        ("relief.not_positive", {"evacuation": {**FACTS["evacuation"], "car_load": 0.0}}),
        ("relief.car_share", {"evacuation": {**FACTS["evacuation"], "car_share": 1.2}}),
    ],
)
def test_refuses(text: str, given: dict[str, Any]) -> None:
    with pytest.raises(InputError) as failure:
        left(people(10.0), given=given)
    assert failure.value.text == text
    assert failure.value.say("zh") != failure.value.say("en")


TOWN = grid(1000, 1000, 40)
INNER = box(50, 50, 950, 950)


def town(seed: int, count: int = 6) -> gpd.GeoDataFrame:
    draw = np.random.default_rng(seed)
    at = [(float(x), float(y)) for x, y in draw.uniform(100, 900, (count, 2))]
    return homes(*at, residents=[float(each) for each in draw.integers(0, 3000, count)])


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.booleans())
def test_nobody_is_lost_and_more_lanes_never_slow(seed: int, depth: float, buses: bool) -> None:
    draw = np.random.default_rng(seed)
    water = course(TOWN, [0.0, 0.5, 1.0], raster(depth * draw.random((25, 25))), step=0.25)
    p: dict[str, Any] = {"within": INNER, "step": 2.0, "longest": 2.0, "carless": "bus" if buses else "foot"}
    given_ = {"grid": TOWN, "depth_course": water}
    one = left(town(seed), lattice(), given=given_, **p)
    total = float(town(seed)["residents"].sum())
    assert one.clearance_course.iloc[-1] + one.people_left_behind.sum() == pytest.approx(total, abs=0.1 + 1e-4 * total)
    assert (np.diff(one.clearance_course) >= -1e-9).all()
    assert one.clearance_course.iloc[-1] <= total * (1 + 1e-3) + 1.0
    more = left(town(seed), lattice(), given=given_, contraflow=True, **p)
    count = min(len(one.clearance_course), len(more.clearance_course))
    assert (more.clearance_course.to_numpy()[:count] >= one.clearance_course.to_numpy()[:count] - 1.0).all()


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(RESIDENTS), float("nan")), (0.0, 30.0)))


@pytest.mark.parametrize(("count", "depth"), corners())
def test_corners(count: float, depth: float) -> None:
    water = course(HERE, [1.0, 1.0], raster(np.full((20, 100), depth)), step=0.25)
    answer = left(people(count), given={"depth_course": water}, longest=0.5)
    if np.isnan(count):
        assert np.isnan(answer.people_left_behind["b0"])
    elif depth:
        assert answer.people_left_behind["b0"] == pytest.approx(count)
    else:
        assert answer.clearance_course.iloc[-1] + answer.people_left_behind["b0"] == pytest.approx(count, rel=1e-6)


def test_figure(figure: Callable[[str], Path]) -> None:
    draw = np.random.default_rng(3)
    at = [(float(x), float(y)) for x, y in draw.uniform(100, 900, (120, 2))]
    buildings = homes(*at, residents=[250.0] * 120)
    roads = lattice().iloc[[*range(1, 10), *range(12, 21)]]
    roads = roads.assign(road_class=["primary" if at_ in {4, 13} else "residential" for at_ in range(len(roads))])
    depth = course(
        TOWN,
        [1.0, 1.0, 0.0, 0.0],
        raster(np.where(np.add.outer(np.arange(25)[::-1], np.arange(25)) < 16, 0.5, 0.0)),
        step=0.25,
    )
    fig, axis = plt.subplots(figsize=(5.8, 3.8), layout="constrained")
    cases: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "dry": ({}, {}), "water until minute 30": ({"depth_course": depth}, {}),
        "with water, all lanes outbound": ({"depth_course": depth}, {"contraflow": True}),
    }  # fmt: skip
    for (name, (given_, p)), style in zip(cases.items(), ("-", "--", "-."), strict=True):
        answer = left(buildings, roads, within=INNER, given={"grid": TOWN, **given_}, **p)
        out = answer.clearance_course
        axis.plot(
            60 * out.index.to_numpy(),
            out.to_numpy() / 1000,
            style,
            label=f"{name}: 95 % after {60 * answer.clearance_time:.0f} min",
        )
    axis.set(xlabel="minutes from setting out", ylabel="thousand people out of the area", xlim=(0, 45))
    axis.legend(fontsize=8)
    axis.set_title("30 000 people leave a town of 0.8 km²", fontsize=10)
    fig.savefig(figure("resilience.evacuation"), dpi=110)
    plt.close(fig)
