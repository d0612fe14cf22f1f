"""Redundancy: ways out and stations counted by hand, one street more never takes a way; figure."""

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

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.kernels.relief.disjoint import disjoint_routes
from citybraid.resilience.relief.redundancy import Redundancy, RedundancyParams, redundancy
from tests.ranges import ends
from tests.resilience.street_town import CRS, facilities, grid, streets
from tests.resilience.test_cool_room_access import homes, lattice

HERE = grid(1000, 1000, 20)
NAMES = ("road_speed", "rescue_time_limit", "turnout_time", "street_crossing", "evacuation_road")
FACTS: dict[str, Any] = {name: resolve(name) for name in NAMES}
INNER = box(50, 50, 950, 950)


def found(
    buildings: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, *, within: Polygon = INNER, **given_: Any
) -> Redundancy:
    area = gpd.GeoSeries([within], index=["a"], crs=CRS)
    return redundancy(
        buildings=buildings, streets=roads, study_area=area, grid=HERE, p=RedundancyParams(), **(FACTS | given_)
    )


def test_a_lattice_has_four_ways_out_and_a_dead_end_one() -> None:
    roads = streets(*lattice().geometry, LineString([(500, 500), (560, 560)]))
    answer = found(homes((502.0, 490.0), (558.0, 562.0)), roads)
    assert answer.routes_out.tolist() == [4.0, 1.0]
    assert answer.people_one_way_out.tolist() == [0.0, 10.0]


def test_a_ring_with_two_roads_out_and_a_piece_without() -> None:
    ring = LineString([(200, 200), (800, 200), (800, 800), (200, 800), (200, 200)])
    roads = streets(
        ring, LineString([(200, 200), (0, 200)]), LineString([(800, 800), (1000, 800)]),
        LineString([(400, 500), (600, 500)]), road_class=["primary", "secondary", "residential", "tertiary"],
    )  # fmt: skip
    answer = found(homes((500.0, 190.0), (450.0, 505.0)), roads)
    assert answer.routes_out.tolist() == [2.0, 0.0]
    assert answer.people_one_way_out.tolist() == [0.0, 10.0]
    assert answer.evacuation_road_per_head == pytest.approx((2400 + 200) / 20)
    assert answer.services is None


def test_second_stations() -> None:
    near = facilities(fire_station=[(100, 110), (900, 910)], hospital=[(510, 490)])
    answer = found(homes((502.0, 480.0)), lattice(), facilities=near)
    assert answer.services is not None
    assert answer.services.fire_stations_in_time["b0"] == 2.0
    assert answer.services.hospitals_in_time["b0"] == 1.0
    assert answer.services.people_without_second_station["b0"] == 0.0
    assert answer.services.people_without_second_hospital["b0"] == 10.0


def test_menger_on_a_bridge() -> None:
    """Two triangles joined by one link: one way across, two within."""
    tail, head = np.array([0, 1, 2, 2, 3, 4, 5]), np.array([1, 2, 0, 3, 4, 5, 3])
    both = np.concatenate([tail, head]), np.concatenate([head, tail])
    count = disjoint_routes(*both, 6, np.array([0, 2, 3, 4]), np.array([5]), most=4)
    assert count.tolist() == [1, 1, 2, 2]


@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_one_street_more_never_takes_a_way(seed: int, most: int) -> None:
    draw = np.random.default_rng(seed)
    ends_of = np.array([draw.choice(7, 2, replace=False) for _ in range(14)])
    tail, head = ends_of.T
    few, more = (
        disjoint_routes(tail[:count], head[:count], 7, np.arange(7), np.array([6]), most=most) for count in (10, 14)
    )
    assert (more >= few).all()
    assert few[6] == more[6] == most
    degree = np.bincount(tail, minlength=7)
    assert (more[:6] <= np.minimum(degree[:6], most)).all()


def corners() -> list[tuple[float, float]]:
    return list(product(ends(RESIDENTS), (500.0, 5000.0)))


@pytest.mark.parametrize(("people", "x"), corners())
def test_corners(people: float, x: float) -> None:
    answer = found(homes((x, 490.0), residents=[people]), lattice())
    assert answer.routes_out["b0"] == (4.0 if x == 500.0 else 0.0)
    assert answer.people_one_way_out["b0"] == (0.0 if x == 500.0 else people)
    assert np.isnan(answer.evacuation_road_per_head) == (people == 0.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    draw = np.random.default_rng(5)
    at = [(float(x), float(y)) for x, y in draw.uniform(120, 880, (160, 2))]
    keep = [line for k, line in enumerate(lattice().geometry) if k in {2, 4, 6, 8}]
    spurs = [LineString([(x, y), (x + 90, y)]) for x in (200, 400, 600) for y in (250, 450, 650)]
    roads = streets(*keep, LineString([(200, 300), (800, 300)]), LineString([(200, 700), (1000, 700)]), *spurs)
    answer = found(homes(*at), roads)
    fig, axis = plt.subplots(figsize=(5.4, 4.4), layout="constrained")
    roads.plot(ax=axis, color="0.75", linewidth=1.2)
    across, up = (np.array(each) for each in zip(*at, strict=True))
    image = axis.scatter(
        across, up, c=answer.routes_out, cmap="RdYlGn", vmin=0, vmax=4, s=22, edgecolor="0.4", linewidth=0.3
    )
    fig.colorbar(image, label="ways out that share no stretch", ticks=range(5))
    one = float(answer.people_one_way_out.sum())
    axis.set(xlabel="m", ylabel="m", title=f"{one:.0f} of {10 * len(at)} residents have one way out or none")
    axis.title.set_fontsize(9)
    fig.savefig(figure("resilience.redundancy"), dpi=110)
    plt.close(fig)
