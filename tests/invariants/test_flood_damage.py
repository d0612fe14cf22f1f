"""Damage: never falls with depth, never above the value, in proportion to the footprint."""

from itertools import product
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import FLOORS
from citybraid.core.vocabulary.risk import BUILDING_DEPTH, FLOOR_HEIGHT, PROTECTION_HEIGHT
from citybraid.resilience.damage.flood_damage import FloodDamageParams, flood_damage
from tests.ranges import ends

NAMES = ("damage_share", "damage_sector", "damage_value", "damage_price", "contents_share", "warning")
FACTORS: dict[str, Any] = {f"flood_{name}": resolve(f"flood_{name}", region="CN") for name in NAMES}
FACTORS["ground_floor_height"] = {"any": 0.0}
USES = ("residential", "office", "industrial", "transport", "public", "other")


def damage(depth: list[float], *, use: str, floors: float, side: float = 10.0, **columns: float) -> np.ndarray:
    count = len(depth)
    buildings = gpd.GeoDataFrame(
        {"building_depth": depth, "building_use": [use] * count, "floors": [floors] * count}
        | {name: [value] * count for name, value in columns.items()},
        geometry=[box(0, 0, side, side)] * count,
        index=[f"b{i}" for i in range(count)],
        crs="EPSG:32651",
    )
    return flood_damage(buildings=buildings, **FACTORS, p=FloodDamageParams()).building_damage.to_numpy()


@given(st.floats(0, 30), st.floats(0, 20), st.floats(0, 20), st.sampled_from(USES), st.integers(1, 12))
def test_raised_floors_and_barriers_never_cost_more(
    depth: float, floor: float, barrier: float, use: str, floors: int
) -> None:
    bare = damage([depth], use=use, floors=floors)[0]
    raised = damage([depth], use=use, floors=floors, floor_height=floor)[0]
    kept = damage([depth], use=use, floors=floors, protection_height=barrier)[0]
    assert raised <= bare * (1 + 1e-12)
    assert kept == (0.0 if depth <= barrier else bare)


@pytest.mark.slow
@given(st.lists(st.floats(0, 30), min_size=2, max_size=8), st.sampled_from(USES), st.integers(1, 12))
def test_never_falls_with_depth(depth: list[float], use: str, floors: int) -> None:
    found = damage(sorted(depth), use=use, floors=floors)
    assert (np.diff(found) >= -1e-6).all()


@given(st.floats(0, 60), st.sampled_from(USES), st.integers(1, 12))
def test_never_above_the_value(depth: float, use: str, floors: int) -> None:
    sector = next(key.partition("/")[2] for key in FACTORS["flood_damage_sector"] if key.startswith(f"{use}/"))
    price = FACTORS["flood_damage_price"]["currency"] * FACTORS["flood_damage_price"]["price_level"]
    value = FACTORS["flood_damage_value"][sector] * price * 100.0 * floors
    found = damage([depth], use=use, floors=floors)[0]
    assert 0.0 <= found <= value * (1 + 1e-12)


@given(st.floats(0, 8), st.floats(1, 100))
def test_in_proportion_to_the_footprint(depth: float, side: float) -> None:
    one, other = (damage([depth], use="office", floors=3, side=length)[0] for length in (1.0, side))
    assert other == pytest.approx(one * side**2, rel=1e-9)


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(BUILDING_DEPTH)[:1], 500.0, float("nan")), ends(FLOORS)))


@pytest.mark.parametrize(("depth", "floors"), corners())
def test_corners(depth: float, floors: float) -> None:
    found = damage([depth], use="residential", floors=floors)[0]
    assert np.isnan(found) == np.isnan(depth)
    assert np.isnan(depth) or (found == 0.0) == (depth == 0.0)


@pytest.mark.parametrize(("floor", "barrier"), list(product(ends(FLOOR_HEIGHT), ends(PROTECTION_HEIGHT))))
def test_corners_of_floor_and_barrier(floor: float, barrier: float) -> None:
    dry, deep = damage([0.0, 500.0], use="office", floors=3, floor_height=floor, protection_height=barrier)
    assert dry == 0.0
    assert deep == damage([500.0], use="office", floors=3)[0]
