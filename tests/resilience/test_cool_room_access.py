"""Walks to cool rooms: by hand on a lattice, people near and far, refusals; the figure of the method."""

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
from shapely.geometry import LineString, Point, box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.resilience.rescue.cool_room_access import CoolRoomAccess, CoolRoomParams, cool_room_access
from tests.ranges import ends
from tests.resilience.street_town import CRS, streets

SPEED = resolve("travel_speed")
MINUTE = 4000.0 / 60.0
"""Metres walked in a minute at 4 km/h."""


def homes(*at: tuple[float, float], **columns: list[float]) -> gpd.GeoDataFrame:
    shapes = [box(x - 2, y - 2, x + 2, y + 2) for x, y in at]
    index = [f"b{each}" for each in range(len(at))]
    return gpd.GeoDataFrame({"residents": 10.0, **columns}, geometry=shapes, index=index, crs=CRS)


def rooms(*at: tuple[float, float]) -> gpd.GeoDataFrame:
    points = [Point(each) for each in at]
    return gpd.GeoDataFrame(geometry=points, index=[f"c{each}" for each in range(len(at))], crs=CRS)


def lattice(size: int = 10, gap: float = 100.0) -> gpd.GeoDataFrame:
    end = size * gap
    ways = [LineString([(gap * k, 0), (gap * k, end)]) for k in range(size + 1)]
    ways += [LineString([(0, gap * k), (end, gap * k)]) for k in range(size + 1)]
    return streets(*ways, road_class=["residential"] * len(ways))


def access(
    buildings: gpd.GeoDataFrame, cool: gpd.GeoDataFrame, roads: gpd.GeoDataFrame | None = None, **p: Any
) -> CoolRoomAccess:
    return cool_room_access(
        buildings=buildings, streets=lattice() if roads is None else roads, cool_rooms=cool, travel_speed=SPEED,
        p=CoolRoomParams.model_validate(p),
    )  # fmt: skip


def test_a_lattice_is_walked_in_right_angles() -> None:
    """From the wall's corner at (252, 10) to a room at the street (600, 510): 10 m to the street, 348 + 510 m along."""
    found = access(homes((250.0, 12.0)), rooms((600.0, 510.0)))
    assert found.cool_room_time["b0"] == pytest.approx((10 + 348 + 510) / MINUTE)


def test_near_far_and_between() -> None:
    """5 min are 333 m, 10 min 667 m."""
    table = homes((120.0, 2.0), (450.0, 2.0), (900.0, 2.0), elderly=[1.0, 2.0, 3.0])
    found = access(table, rooms((0.0, 0.0)))
    assert found.people_near_cool_room.tolist() == [10.0, 0.0, 0.0]
    assert found.people_far_from_cool_room.tolist() == [0.0, 0.0, 10.0]
    assert found.elderly_far_from_cool_room.tolist() == [0.0, 0.0, 3.0]
    assert access(homes((120.0, 2.0)), rooms((0.0, 0.0))).elderly_far_from_cool_room.isna().all()


def test_without_a_way_people_are_far_and_motorways_are_not_walked() -> None:
    apart = streets(
        LineString([(0, 0), (100, 0)]), LineString([(300, 0), (400, 0)]), LineString([(100, 0), (300, 0)]),
        road_class=["residential", "residential", "motorway"],
    )  # fmt: skip
    found = access(homes((350.0, 2.0)), rooms((50.0, 0.0)), apart)
    assert np.isnan(found.cool_room_time["b0"])
    assert found.people_far_from_cool_room["b0"] == 10.0
    away = access(homes((500.0, 2000.0)), rooms((0.0, 0.0)))
    assert np.isnan(away.cool_room_time["b0"])


@pytest.mark.parametrize(
    ("text", "cool", "p"),
    [("heat.no_cool_room", (9000.0, 0.0), {}), ("heat.walks", (0.0, 0.0), {"short": 10.0, "long": 10.0})],
)
def test_refuses(text: str, cool: tuple[float, float], p: dict[str, float]) -> None:
    with pytest.raises(InputError) as failure:
        access(homes((120.0, 2.0)), rooms(cool), **p)
    assert failure.value.text == text
    assert failure.value.say("zh") != failure.value.say("en")


place = st.tuples(st.floats(0, 1000), st.floats(0, 1000))


@given(st.lists(place, min_size=1, max_size=5), place, place)
def test_one_room_more_never_lengthens_a_walk_and_none_is_shorter_than_the_crow_flies(
    at: list[tuple[float, float]], one: tuple[float, float], two: tuple[float, float]
) -> None:
    few, more = access(homes(*at), rooms(one)), access(homes(*at), rooms(one, two))
    assert (more.cool_room_time <= few.cool_room_time + 1e-9).all()
    # Ends within a metre are one junction, and the walk begins at the wall.
    straight = np.array([np.hypot(x - one[0], y - one[1]) for x, y in at])
    assert (few.cool_room_time * MINUTE >= straight - 7.0).all()
    assert (few.people_near_cool_room + few.people_far_from_cool_room <= 10.0).all()


def corners() -> list[tuple[float, float]]:
    return list(product(ends(RESIDENTS), (0.0, 1000.0)))


@pytest.mark.parametrize(("people", "x"), corners())
def test_corners(people: float, x: float) -> None:
    found = access(homes((x, 0.0), residents=[people]), rooms((0.0, 0.0)))
    assert found.people_far_from_cool_room["b0"] == (people if x else 0.0)
    assert found.people_near_cool_room["b0"] == (0.0 if x else people)


def test_figure(figure: Callable[[str], Path]) -> None:
    draw = np.random.default_rng(3)
    at = [(float(x), float(y)) for x, y in draw.uniform(0, 1000, (220, 2))]
    cool = rooms((300.0, 700.0), (800.0, 250.0))
    found = access(homes(*at), cool)
    fig, axis = plt.subplots(figsize=(5.6, 4.6), layout="constrained")
    lattice().plot(ax=axis, color="0.85", linewidth=0.8)
    across, up = (np.array(each) for each in zip(*at, strict=True))
    image = axis.scatter(across, up, c=found.cool_room_time, cmap="viridis_r", s=14, vmin=0, vmax=12)
    cool.plot(ax=axis, color="#b2352f", marker="*", markersize=120)
    fig.colorbar(image, label="walk to the nearest cool room [min]")
    far = float(found.people_far_from_cool_room.sum())
    axis.set(
        xlabel="m", ylabel="m", title=f"Two cool rooms (stars): {far:.0f} of {10 * len(at)} residents beyond 10 min"
    )
    fig.savefig(figure("resilience.cool_room_access"), dpi=110)
    plt.close(fig)
