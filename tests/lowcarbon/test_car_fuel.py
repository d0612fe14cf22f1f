"""Fuel of cars by speed: the published curve, a street by hand, and what congestion adds."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from shapely.geometry import LineString, box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.travel.car_fuel import relative_fuel
from citybraid.lowcarbon.travel.travel import TravelParams, TravelResult, travel
from tests.travel_town import CRS, factors, town

CURVE = resolve("car_fuel_speed")
REFERENCE = 33.6


def ratio(speed: float) -> float:
    return float(relative_fuel(np.array([speed]), CURVE)[0])


def by_hand(speed: float) -> float:
    """Return litres a kilometre of a petrol car by the published table."""
    return 1.119322393 / speed + 0.04400477 - 8.13834e-5 * speed + 2.44908e-6 * speed**2


def test_the_average_factor_holds_at_the_reference_speed() -> None:
    assert ratio(REFERENCE) == pytest.approx(1.0, abs=1e-12)
    for speed in (10.0, 25.0, 60.0, 120.0):
        assert ratio(speed) == pytest.approx(by_hand(speed) / by_hand(REFERENCE), rel=1e-9)


def test_beyond_its_range_the_curve_ends() -> None:
    assert ratio(0.0) == ratio(5.0)
    assert ratio(300.0) == ratio(140.0)


def test_fuel_is_least_at_the_middle_of_the_range() -> None:
    speeds = np.linspace(5.0, 140.0, 271)
    used = relative_fuel(speeds, CURVE)
    best = speeds[used.argmin()]
    assert 55.0 < best < 80.0
    assert (np.diff(used[speeds <= best]) < 0.0).all()
    assert (np.diff(used[speeds >= best]) > 0.0).all()


def test_another_published_curve_has_the_same_shape() -> None:
    """EMEP/EEA guidebook 2013, table 3-41 (Euro 4 petrol, 1.4 to 2.0 l): (136 - 1.65 v + 0.0312 v2) over its base."""

    def copert(speed: float) -> float:
        return (136 - 1.65 * speed + 0.0312 * speed**2) / (1 + 0.026 * speed + 2.28e-4 * speed**2)

    for speed in (15.0, 25.0, 60.0, 100.0):
        assert ratio(speed) == pytest.approx(copert(speed) / copert(REFERENCE), rel=0.12)


def burnt(found: TravelResult) -> float:
    """Return the residents' fuel a kilometre over that at the reference speed."""
    return float((found.car_distance * found.car_fuel_ratio).sum() / found.car_distance.sum())


def lone(speed: float, capacity: float = 1e9) -> TravelResult:
    """Travel between a home and an office at the ends of one street of 2 km, with no city around."""
    street = gpd.GeoDataFrame(
        {"road_class": ["primary"]}, geometry=[LineString([(0.0, 0.0), (2000.0, 0.0)])], index=["s"], crs=CRS
    )
    places = gpd.GeoDataFrame(
        {"building_use": ["residential", "office"], "floor_area": [0.0, 20_000.0], "residents": [1000.0, 0.0]},
        geometry=[box(-5.0, -5.0, 5.0, 5.0), box(1995.0, -5.0, 2005.0, 5.0)], index=["home", "work"], crs=CRS,
    )  # fmt: skip
    given = factors()
    roads = given["roads"]._replace(
        road_speed=dict.fromkeys(given["roads"].road_speed, speed),
        road_capacity=dict.fromkeys(given["roads"].road_capacity, capacity),
    )
    return travel(**town(buildings=places, streets=street, roads=roads, p=TravelParams(outside_reach=0.0)))


@pytest.mark.parametrize("speed", [20.0, 40.0, 60.0])
def test_a_free_street_by_hand(speed: float) -> None:
    """All cars drive 2 km at the street's speed: kilometres times 0.161 kg times the curve, less battery cars."""
    found, fleet = lone(speed), factors()["fleet"]
    cars = found.car_distance.sum() * 0.161 * by_hand(speed) / by_hand(REFERENCE) * (1 - fleet.electric_share["car"])
    buses = 365 * found.mode_distance["bus"] * (1.0 - fleet.electric_share["bus"]) * fleet.travel_energy["bus_fuel"]
    assert burnt(found) == pytest.approx(by_hand(speed) / by_hand(REFERENCE), rel=1e-6)
    assert found.transport_emissions.sum() == pytest.approx(cars + buses, rel=1e-6)


def test_a_jammed_street_by_hand() -> None:
    """Of a day's cars a tenth meets at the peak, the others evenly in 23 hours; each part by its own BPR speed."""
    capacity, free = 8.0, 40.0
    found = lone(free, capacity)
    kilometres = found.car_distance.sum() / 365
    peak = 0.5 * kilometres / 2.0 * 0.1
    parts = [0.1 * by_hand(max(free / (1 + 0.15 * (peak / capacity) ** 4), 5.0)),
             0.9 * by_hand(free / (1 + 0.15 * (peak * 9 / 23 / capacity) ** 4))]  # fmt: skip
    assert peak > capacity
    assert burnt(found) == pytest.approx(sum(parts) / by_hand(REFERENCE), rel=1e-6)
    assert burnt(found) > burnt(lone(free))


def test_congestion_burns_more_fuel_a_kilometre_in_a_town() -> None:
    given = factors()
    narrow = {name: 0.3 * value for name, value in given["roads"].road_capacity.items()}
    wide, jammed = travel(**town()), travel(**town(roads=given["roads"]._replace(road_capacity=narrow)))
    assert burnt(jammed) > burnt(wide)
    assert jammed.assignment_gap <= 1e-4


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.0, 3.4), layout="constrained")
    speeds = np.linspace(5.0, 140.0, 200)
    axis.plot(speeds, 161.0 * relative_fuel(speeds, CURVE), color="#b5541c")
    axis.plot(REFERENCE, 161.0, "o", color="#1f4e79")
    axis.annotate("161 g km⁻¹ at 33.6 km h⁻¹", (REFERENCE, 161.0), (45.0, 230.0), arrowprops={"arrowstyle": "-"})
    axis.set(xlabel="Mean speed of the link [km h⁻¹]", ylabel="CO₂ of a petrol car [g km⁻¹]", ylim=(0.0, 400.0))
    fig.savefig(figure("lowcarbon.travel.car_fuel"), dpi=130)
    plt.close(fig)
