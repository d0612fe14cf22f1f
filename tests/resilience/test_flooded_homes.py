"""Flooded homes: storeys that water reaches by hand, debris and its carbon; the figure of the method."""

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
from shapely.geometry import box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import FLOORS, RESIDENTS
from citybraid.core.vocabulary.risk import BUILDING_DEPTH
from citybraid.resilience.people.flooded_homes import FloodedHomes, FloodedHomesParams, flooded_homes
from tests.ranges import ends

FACTORS = {
    "ground_floor_height": {"any": 0.2}, "uninhabitable_depth": {"": 0.3},
    "flood_debris_mass": {"shallow": 40.0, "deep": 66.0}, "debris_emission": {"landfill": 0.5, "incineration": 0.27},
    "debris_treatment": {"landfill": 1.0, "incineration": 0.0},
}  # fmt: skip


def homes(depth: list[float], *, floors: float = 3.0, residents: float = 60.0, **columns: Any) -> gpd.GeoDataFrame:
    table = {
        "building_depth": depth,
        "residents": residents,
        "floors": floors,
        "building_use": "residential",
        **columns,
    }
    return gpd.GeoDataFrame(
        table, geometry=[box(0, 0, 10, 10)] * len(depth), index=[f"b{at}" for at in range(len(depth))], crs="EPSG:4549"
    )


def left(depth: list[float], **columns: Any) -> FloodedHomes:
    return flooded_homes(buildings=homes(depth, **columns), **FACTORS, p=FloodedHomesParams())


def test_one_storey_of_three_moves_out_where_water_stands_in_it() -> None:
    """Floors are 0.2 m above the ground: 0.4 m outside are 0.2 m inside, wet and habitable; 0.5 m are 0.3 m inside."""
    found = left([0.2, 0.4, 0.5, 3.4, 3.6])
    assert found.temporary_housing.tolist() == [0.0, 0.0, 20.0, 20.0, 40.0]
    # 100 m² at 40 kg, above half a storey 66 kg; the second storey is wet from 3.2 m outside on.
    assert found.flood_debris.tolist() == [0.0, 4000.0, 4000.0, 6600.0 + 4000.0, 6600.0 + 4000.0]
    assert found.debris_carbon.tolist() == [0.0, 2000.0, 2000.0, 5300.0, 5300.0]


def test_debris_is_burned_where_the_region_burns_its_waste() -> None:
    """Zhejiang and Shanghai bury none, China a seventh; its carbon was that of landfill everywhere."""
    kept = {"landfill": 0.497, "incineration": 0.27}
    for region, share in (("CN-ZJ-JX", 0.0), ("CN-SH", 0.0), ("CN-HE-BD", 0.135), ("SE", 0.0), ("ID-JK", 1.0)):
        found = flooded_homes(
            buildings=homes([0.4]), p=FloodedHomesParams(),
            **{**FACTORS, "debris_emission": resolve("debris_emission", region=region),
               "debris_treatment": resolve("debris_treatment", region=region)},
        )  # fmt: skip
        by_hand = 4000.0 * (share * kept["landfill"] + (1.0 - share) * kept["incineration"])
        assert found.debris_carbon.item() == pytest.approx(by_hand)
    assert pytest.approx(0.2 * 0.39 * 0.95 * 44 / 12, rel=0.01) == kept["incineration"]


def test_shares_of_treatment_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InputError) as told:
        flooded_homes(
            buildings=homes([0.4]), p=FloodedHomesParams(), **{**FACTORS, "debris_treatment": {"landfill": 0.5}}
        )
    assert told.value.text == "waste.share_sum"


def test_own_floors_and_barriers_keep_water_out() -> None:
    found = left([1.0, 1.0, 1.0], floor_height=[0.8, np.nan, np.nan], protection_height=[np.nan, 1.2, 0.9])
    assert found.temporary_housing.tolist() == [0.0, 0.0, 20.0]
    assert found.flood_debris.tolist() == [4000.0, 0.0, 4000.0]


def test_unknown_depths_stay_unknown() -> None:
    assert left([np.nan]).flood_debris.isna().all()


@given(st.lists(st.floats(0, 20), min_size=2, max_size=6), st.floats(0, 1000), st.integers(1, 30))
def test_more_water_never_leaves_less(depth: list[float], residents: float, floors: int) -> None:
    found = left(sorted(depth), residents=residents, floors=float(floors))
    for values in found:
        assert (np.diff(values) >= -1e-9).all()
        assert (values >= 0.0).all()
    assert (found.temporary_housing <= residents + 1e-9).all()
    assert (found.flood_debris <= 66.0 * 100.0 * floors + 1e-6).all()


def corners() -> list[tuple[float, float, float]]:
    return list(
        product((*ends(BUILDING_DEPTH)[:1], 100.0, float("nan")), ends(RESIDENTS), (1.0, min(ends(FLOORS)[1], 200.0)))
    )


@pytest.mark.parametrize(("depth", "residents", "floors"), corners())
def test_corners(depth: float, residents: float, floors: float) -> None:
    found = left([depth], residents=residents, floors=floors)
    if np.isnan(depth):
        assert found.temporary_housing.isna().all()
    else:
        reached = min(np.ceil((depth - 0.5) / 3.0), floors) if depth else 0.0
        assert found.temporary_housing["b0"] == pytest.approx(residents * reached / floors)


def test_figure(figure: Callable[[str], Path]) -> None:
    depth = np.linspace(0.0, 8.0, 321)
    found = left(depth.tolist(), floors=6.0)
    fig, axes = plt.subplots(1, 2, figsize=(7.2, 3.2), layout="constrained")
    axes[0].step(depth, found.temporary_housing, where="post", color="#0072b2")
    axes[0].set(xlabel="depth at the building [m]", ylabel="people who need a home, of 60", ylim=(0, 62))
    axes[1].step(depth, found.flood_debris / 1000.0, where="post", color="#d55e00")
    axes[1].set(xlabel="depth at the building [m]", ylabel="debris [t] of 100 m² footprint")
    fig.suptitle("Six storeys, 60 residents", fontsize=11)
    fig.savefig(figure("resilience.flooded_homes"), dpi=110)
