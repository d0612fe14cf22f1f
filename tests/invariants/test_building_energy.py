import itertools
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import box

from citybraid.core.vocabulary.place import FLOOR_AREA, HEIGHT, YEAR_BUILT
from citybraid.core.vocabulary.weather import (
    DIFFUSE_HORIZONTAL,
    DIRECT_NORMAL,
    DRY_BULB,
    ELEVATION,
    GLOBAL_HORIZONTAL,
    LATITUDE,
    LONGITUDE,
    RELATIVE_HUMIDITY,
    TIME_ZONE,
)
from citybraid.lowcarbon.building_energy import BuildingEnergy
from tests.energy_year import USES, energy, energy_year, factors, row_of_buildings
from tests.examples import at_most
from tests.ranges import ends

FEW = at_most(8)
COLUMNS = (
    "heating_demand",
    "cooling_demand",
    "electricity",
    "district_heat",
    "gas",
    "peak_electricity",
    "heat_rejected",
)


def same(one: BuildingEnergy, other: BuildingEnergy, *, at: list[str]) -> bool:
    return all(np.allclose(getattr(one, name)[at], getattr(other, name)[at], rtol=1e-9, atol=1e-6) for name in COLUMNS)


def whole(found: BuildingEnergy) -> bool:
    return abs(found.energy_error) < 1e-9 and all(
        np.isfinite(getattr(found, name)).all() and (getattr(found, name) >= 0).all() for name in COLUMNS
    )


def two(use: str, *, year: float = 2008.0, height: float = 20.0, area: float = 3000.0) -> gpd.GeoDataFrame:
    return row_of_buildings((use, "office"), year=year).assign(height=[height, 10.0], floor_area=[area, 1500.0])


@FEW
@given(st.sampled_from(USES), st.integers(1900, 2100), st.floats(3, 300), st.floats(10, 1e5))
def test_heat_balances(use: str, year: int, height: float, area: float) -> None:
    assert whole(energy(two(use, year=float(year), height=height, area=area)))


@FEW
@given(st.sampled_from(USES), st.floats(0.2, 6))
def test_a_warmer_year_needs_no_more_heat_and_no_less_cold(use: str, warmer: float) -> None:
    buildings = two(use)
    now, later = energy(buildings), energy(buildings, **energy_year(warmer=warmer))
    assert (later.heating_demand <= now.heating_demand + 1e-6).all()
    assert (later.cooling_demand >= now.cooling_demand - 1e-6).all()


@FEW
@given(st.permutations(range(4)))
def test_a_building_does_not_know_others_far_away(order: list[int]) -> None:
    buildings = row_of_buildings(USES[:4])
    apart = [affinity.translate(shape, 1000.0 * at) for at, shape in enumerate(buildings.geometry)]
    buildings = buildings.set_geometry(apart)
    alone, among = energy(buildings.iloc[order[:2]]), energy(buildings.iloc[order])
    assert same(alone, among, at=[f"b{at}" for at in order[:2]])


@FEW
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_moving_the_plan_changes_nothing(east: float, north: float) -> None:
    buildings = row_of_buildings(USES[:2])
    moved = buildings.set_geometry([affinity.translate(shape, east, north) for shape in buildings.geometry])
    assert same(energy(buildings), energy(moved), at=["b0", "b1"])


@FEW
@given(st.sampled_from(USES), st.floats(0.3, 3.0), st.floats(0.1, 2.0))
def test_more_insulation_never_raises_heating(use: str, wall: float, less: float) -> None:
    given_rows, found = factors()["envelope"], []
    for added in (less, 0.0):
        better = {
            key: wall + added if key.rsplit("/", 1)[-1] in {"wall", "roof", "window"} else value
            for key, value in given_rows.items()
        }
        found.append(energy(two(use), envelope=better).heating_demand)
    assert (found[1] <= found[0] + 1e-6).all()


@FEW
@given(st.sampled_from(USES), st.floats(10, 150), st.floats(8, 60))
def test_a_neighbour_never_adds_sun(use: str, height: float, away: float) -> None:
    home = two(use).iloc[:1]
    slab = home.assign(height=height).set_geometry([box(-40, -20 - away, 80, -away)]).rename(index={"b0": "slab"})
    alone, beside = energy(home), energy(pd.concat([home, slab]))
    assert beside.cooling_demand["b0"] <= alone.cooling_demand["b0"] + 1e-6
    assert beside.heating_demand["b0"] >= alone.heating_demand["b0"] - 1e-6


@FEW
@given(st.floats(1.0, 20.0))
def test_energy_scales_with_a_row_of_equal_buildings(times: float) -> None:
    """A building twice as long and otherwise alike in proportion takes no more than twice the energy."""
    buildings = row_of_buildings(("office",))
    longer = buildings.set_geometry([affinity.scale(shape, xfact=times) for shape in buildings.geometry])
    longer["floor_area"] = buildings["floor_area"] * times
    one, many = energy(buildings), energy(longer)
    assert many.heating_demand.sum() <= times * one.heating_demand.sum() * (1 + 1e-9)


def corners() -> list[tuple[float, float, float]]:
    return list(itertools.product(ends(HEIGHT), ends(YEAR_BUILT), ends(FLOOR_AREA)))


@pytest.mark.parametrize(("height", "year", "area"), corners())
def test_corners_of_buildings(height: float, year: float, area: float) -> None:
    found = energy(two("residential", year=year, height=height, area=area))
    assert whole(found)
    assert (found.electricity["b0"] > 0) == (area > 0)


def weather_corners() -> list[dict[str, Any]]:
    series = {
        "dry_bulb": DRY_BULB, "relative_humidity": RELATIVE_HUMIDITY, "global_horizontal": GLOBAL_HORIZONTAL,
        "direct_normal": DIRECT_NORMAL, "diffuse_horizontal": DIFFUSE_HORIZONTAL,
    }  # fmt: skip
    numbers = {"latitude": LATITUDE, "longitude": LONGITUDE, "time_zone": TIME_ZONE, "elevation": ELEVATION}
    both = []
    for end in (0, 1):
        held = {name: pd.Series(np.full(8760, ends(alias)[end])) for name, alias in series.items()}
        both += [held | {name: ends(alias)[other] for name, alias in numbers.items()} for other in (0, 1)]
    return both


@pytest.mark.parametrize("weather", weather_corners())
def test_corners_of_weather(weather: dict[str, Any]) -> None:
    assert whole(energy(two("hotel"), **weather))
