"""Six numbers by hand on cases small enough for a sheet of paper: money and trees by year, a rain garden's runoff
control, solar power used within the hour, keep or rebuild, damage above three floors, people of mixed uses.

Coefficients are typed in from the cited tables; nothing is computed by what it checks.
"""

import itertools
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.integrate.bridges.building_residents import building_residents
from citybraid.integrate.choose.phasing import Work, Years, phases
from citybraid.kernels.energy import hourly_balance as kernel
from citybraid.resilience.damage.annual import AnnualParams
from citybraid.resilience.damage.expected_annual_damage import expected_annual_damage
from citybraid.resilience.damage.flood_damage import FloodDamageParams, flood_damage
from citybraid.resilience.sponge.annual_runoff_control import AnnualRunoffControlParams, annual_runoff_control
from tests.life_cycles import judged, standing

CRS = "EPSG:4549"

WORKS = (("park", 100.0, 10.0, 1, 4), ("tank", 60.0, 9.0, 2, 1), ("trees", 45.0, 6.0, 1, 3))
"""Name, cost, yearly gain when full, years of building, years of growing."""
BUDGETS, RATE = (60.0, 60.0, 60.0, 60.0, 0.0, 0.0), 0.05


def course(cost: float, gain: float, build: int, grow: int, start: int | None) -> tuple[list[float], list[float]]:
    """Money and gain of a work by year: paid in equal parts while it is built, growing by equal steps from then on."""
    years = range(len(BUDGETS))
    if start is None:
        return [0.0 for _ in years], [0.0 for _ in years]
    paid = [cost / build if start <= year < start + build else 0.0 for year in years]
    gained = [gain * min(max(year - start - build + 1, 0) / grow, 1.0) for year in years]
    return paid, gained


def test_years_of_works_are_the_best_of_all_orders() -> None:
    """All 343 orders of three works over six years tried one by one: money kept, trees grow, gains discounted."""
    best, gains = 0.0, [0.0] * len(BUDGETS)
    for starts in itertools.product([None, *range(len(BUDGETS))], repeat=len(WORKS)):
        courses = [course(*work[1:], start) for work, start in zip(WORKS, starts, strict=True)]
        paid = np.sum([each[0] for each in courses], axis=0)
        if (np.cumsum(paid) > np.cumsum(BUDGETS) + 1e-9).any():
            continue
        gained = np.sum([each[1] for each in courses], axis=0)
        value = sum(float(gain) / (1.0 + RATE) ** year for year, gain in enumerate(gained))
        if value > best:
            best, gains = value, [float(gain) for gain in gained]
    works = [Work(name, "u", cost, gain, build, grow) for name, cost, gain, build, grow in WORKS]
    found = phases(works, Years(2026, BUDGETS, rate=RATE), gap=1e-9)
    assert found.value == pytest.approx(best, rel=1e-6)
    assert found.gained == pytest.approx(gains)
    built = [course(*work[1:], None if year is None else year - 2026)[0]
             for work, year in zip(WORKS, found.start, strict=True)]  # fmt: skip
    assert found.spent == pytest.approx(np.sum(built, axis=0))


def test_a_rain_garden_raises_runoff_control_by_its_storage() -> None:
    """A paved hectare, 4 % of it gardens of 250 mm: 10 mm of storage, psi 0.822, 12.2 of the 13.4 mm for 60 %."""
    grid = GeoBox.from_bbox((0.0, 0.0, 100.0, 100.0), crs=CRS, resolution=10.0)
    psi = {"paved": 0.85, "road": 0.85, "roof": 0.85, "grass": 0.15, "trees": 0.15, "shrubs": 0.15, "cropland": 0.15,
           "bare": 0.3, "water": 1.0, "wetland": 1.0, "permeable_paving": 0.2, "green_roof": 0.35,
           "rain_garden": 0.15}  # fmt: skip

    def rate(garden: float) -> float:
        def layer(value: float, kind: type = np.float64) -> xr.DataArray:
            return xr.DataArray(np.full(grid.shape, value, kind), dims=("y", "x"))

        found = annual_runoff_control(
            land_cover=layer(50, np.uint8), permeable_paving=layer(0.0), rain_garden=layer(garden), coefficient=psi,
            facility_storage={"rain_garden": 250.0, "permeable_paving": 105.0, "green_roof": 20.0},
            threshold={"": 2.0}, grid=grid, p=AnnualRunoffControlParams(daily_rain="published"),
            design_rain={"60": 13.4, "70": 18.7, "75": 22.2, "80": 26.7, "85": 33.0},
            parcels=gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100)], index=["p"], crs=CRS),
        )  # fmt: skip
        return float(found.annual_runoff_control.mean())

    assert rate(0.0) == pytest.approx(0.0, abs=1e-9), "a sealed plot without facilities retains nothing"
    whole = 0.6 * (0.04 * 250.0 / (0.96 * 0.85 + 0.04 * 0.15)) / 13.4
    sealed_alone = 0.96 * 0.6 * (0.04 * 250.0 / (0.96 * 0.85)) / 13.4 + 0.04 * (1.0 - 0.15)
    assert whole == pytest.approx(0.5447, abs=1e-4)
    assert sealed_alone == pytest.approx(0.5608, abs=1e-4), "gardens that serve the paving alone do better"
    assert rate(0.04) == pytest.approx(max(whole, sealed_alone), rel=1e-9)


def test_solar_power_of_a_day_is_used_stored_and_sold() -> None:
    """A home of 10 kWh and a roof of 12: 1 kWh used at noon of each of 4 hours, 2 of them stored, the rest is sold."""
    load = np.zeros(24)
    load[[10, 11, 12, 13]], load[[18, 19, 20]] = 1.0, 2.0
    sun = np.zeros(24)
    sun[[10, 11, 12, 13]] = 3.0
    sites = kernel.Sites(np.array([10.0]), np.array([0]), np.array([12.0]), np.array([4.0]), np.array([1.0]))
    shapes = kernel.Shapes((load / load.sum())[None, :], sun / sun.sum())
    year, area, net = np.zeros((1, kernel.COLUMNS)), np.zeros((kernel.ROWS, 24)), np.zeros(24)
    kernel.balance_site(0, sites, shapes, 0.9, 0.8, year, area, net)
    # noon: 4 x 1 kWh used; of the other 8 kWh 1 kW charges each hour (4 kWh, 3.6 stored), 4 are sold
    # evening: 1 kW of discharge for two hours takes 2.5 kWh of the store; the third gives 1.1 x 0.8 = 0.88 kWh
    assert year[0, kernel.SELF_USED] == pytest.approx(4.0 + 1.0 + 1.0 + 0.88)
    assert year[0, kernel.EXPORTED] == pytest.approx(4.0)
    assert year[0, kernel.IMPORTED] == pytest.approx(1.0 + 1.0 + 1.12)
    assert year[0, kernel.LOST] == pytest.approx(0.4 + 3.6 - 2.88)
    assert year[0, kernel.STORED] == pytest.approx(0.0)
    assert area[kernel.AREA_SELF_USED].sum() / 12.0 == pytest.approx(6.88 / 12.0), "57 % of what the roof gives"


def test_damage_of_a_year_above_the_floors_of_three_buildings() -> None:
    """Homes with floors at 0.15 and 0.60 m, an office at 0.30 m, storms of 10 and 100 years, by the printed curves."""
    shapes = [box(40 * at, 0, 40 * at + 10, 10) for at in range(3)]
    town = gpd.GeoDataFrame(
        {"building_use": ["residential", "residential", "office"], "floors": [2.0, 1.0, 1.0],
         "floor_height": [0.15, 0.60, 0.30], "year_built": [2000.0] * 3},
        geometry=shapes, index=list("abc"), crs=CRS,
    )  # fmt: skip
    depths = {"10": [0.40, 0.40, 0.20], "100": [1.15, 1.15, 0.80]}
    price = 8.975 * 1.325
    half, whole = 0.326556502, 0.494050324  # Asia, residential, at 0.5 and 1.0 m
    office = {"flood": 0.5}
    factors: dict[str, Any] = {name: resolve(name, region="CN", year=2024) for name in (
        "flood_damage_share", "flood_damage_sector", "flood_damage_value", "flood_damage_price", "flood_contents_share",
        "flood_warning", "ground_floor_height")}  # fmt: skip
    office["share"] = factors["flood_damage_share"]["commercial/0.5"]
    damages = {}
    for event, water in depths.items():
        found = flood_damage(buildings=town.assign(building_depth=water), p=FloodDamageParams(), **factors)
        damages[event] = found.building_damage
    by_hand = {
        "10": [330.17 * 100 * half * 0.25 / 0.5 * price, 0.0, 0.0],
        "100": [330.17 * 100 * whole * price, 330.17 * 100 * (half + (whole - half) * 0.05 / 0.5) * price,
                487.03 * 100 * office["share"] * price],
    }  # fmt: skip
    for event, values in by_hand.items():
        assert damages[event].tolist() == pytest.approx(values, rel=1e-9), event
    yearly = expected_annual_damage(
        damages=damages, return_periods={"10": 10.0, "100": 100.0}, p=AnnualParams(onset=5.0, tail=True)
    ).expected_annual_damage
    # from 0 at 5 years to d10 at 10, on to d100 at 100, and d100 beyond: trapezia of annual probability
    for at, name in enumerate("abc"):
        ten, hundred = by_hand["10"][at], by_hand["100"][at]
        expected = (0.2 - 0.1) * ten / 2 + (0.1 - 0.01) * (ten + hundred) / 2 + 0.01 * hundred
        assert yearly[name] == pytest.approx(expected, rel=1e-9)


def test_people_live_in_the_homes_of_a_unit_of_mixed_uses() -> None:
    """300 people, 6 000 m2 of homes beside 9 000 m2 of shops and offices, and a home of the plan with 60 of its own."""
    rows = {
        "slab": (box(0, 0, 10, 10), "residential", 4000.0, np.nan),
        "flats": (box(20, 0, 30, 10), "residential", 2000.0, np.nan),
        "tower": (box(40, 0, 50, 10), "office", 6000.0, np.nan),
        "mall": (box(60, 0, 70, 10), "retail", 3000.0, np.nan),
        "new": (box(80, 0, 90, 10), "residential", 3000.0, 60.0),
        "empty": (box(120, 0, 130, 10), "office", 500.0, np.nan),
    }
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=["geometry", "building_use", "floor_area", "planned_residents"]
    )
    buildings = gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)
    units = gpd.GeoDataFrame(
        {"population": [360.0, 25.0]}, geometry=[box(-5, -5, 100, 20), box(100, -5, 200, 20)], index=["mixed", "works"],
        crs=CRS,
    )  # fmt: skip
    found = building_residents(buildings=buildings, units=units)
    assert found.residents.to_dict() == pytest.approx(
        {"slab": 200.0, "flats": 100.0, "tower": 0.0, "mall": 0.0, "new": 60.0, "empty": 0.0}
    )
    assert found.unplaced_population.to_dict() == {"mixed": 0.0, "works": 25.0}
    assert found.residents_error == pytest.approx(0.0)


@pytest.mark.slow
def test_keeping_renewing_and_rebuilding_over_ten_years() -> None:
    """Ten years of an unchanged grid: ten times the year's emissions, and what is embodied once (25, or 300 + 20)."""
    slabs = standing(("residential",))
    found = judged(slabs)
    area = slabs["floor_area"].to_numpy()
    yearly = (slabs["electricity_emissions"] + slabs["heat_emissions"] + slabs["gas_emissions"]).to_numpy()
    saved = found.renewed_saving.to_numpy()
    assert (saved > 0.0).all()
    assert found.keep_carbon.to_numpy() == pytest.approx(10.0 * yearly)
    assert found.retrofit_carbon.to_numpy() == pytest.approx(10.0 * (yearly - saved) + 25.0 * area)
    assert found.rebuild_carbon.to_numpy() == pytest.approx(10.0 * (yearly - saved) + 320.0 * area)
    years = 25.0 * area / saved
    known = years <= 10.0
    assert found.retrofit_payback.to_numpy()[known] == pytest.approx(years[known])
    assert np.isnan(found.retrofit_payback.to_numpy()[~known]).all()
