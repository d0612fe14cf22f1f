"""Ground floors by hand: use, age, region, the user's rows; and their spread in the draws of damage."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, Resolved, resolve, shipped
from citybraid.resilience.damage.damage_draws import DamageDraws, DamageDrawsParams, damage_draws
from citybraid.resilience.damage.damage_spread import DamageFactors, sample
from citybraid.resilience.damage.flood_damage import FloodDamageParams, flood_damage
from citybraid.resilience.damage.floor_heights import floor_heights
from tests.resilience.ensemble import all_facts, certain, depth_at, ensemble, facts, houses

NAN = float("nan")


def street(**columns: list[Any]) -> gpd.GeoDataFrame:
    count = len(columns["building_use"])
    shapes = [box(20 * i, 0, 20 * i + 10, 10) for i in range(count)]
    return gpd.GeoDataFrame(columns, geometry=shapes, index=[f"b{i}" for i in range(count)], crs="EPSG:32651")


def test_by_use_and_age() -> None:
    rows = {"residential": 0.1, "residential/1980": 0.45, "residential/2010": 0.2, "any": 0.05}
    uses = ["residential"] * 5 + ["office"]
    years = [NAN, 1979.0, 1980.0, 2009.0, 2010.0, 2020.0]
    found = floor_heights(street(building_use=uses, year_built=years), rows)
    assert found.tolist() == [0.1, 0.1, 0.45, 0.45, 0.2, 0.05]


def test_a_stated_height_wins() -> None:
    table = street(building_use=["office", "office"], floor_height=[0.9, NAN])
    assert floor_heights(table, {"any": 0.15}).tolist() == [0.9, 0.15]


def test_rows_of_the_region_and_of_the_user_win() -> None:
    table = street(building_use=["residential", "industrial", "office"])
    abroad, china = (floor_heights(table, resolve("ground_floor_height", region=region)) for region in ("XX", "CN-ZJ"))
    assert abroad.tolist() == [0.0, 0.0, 0.0]
    assert china.tolist() == [0.15, 0.15, 0.15]
    own = Factor("ground_floor_height", "any", 0.4, "m", "user", origin="factors.csv")
    book = shipped().with_rows([own]).resolve("ground_floor_height", region="CN-ZJ", year=2025)
    assert floor_heights(table, book).tolist() == [0.4, 0.4, 0.4]


def test_a_use_without_a_row_and_a_wrong_year_are_refused() -> None:
    with pytest.raises(InputError, match="office") as caught:
        floor_heights(street(building_use=["office"]), {"residential": 0.15})
    assert "office" in caught.value.say("zh")
    with pytest.raises(InputError, match="old"):
        floor_heights(street(building_use=["office"]), {"office/old": 0.15})


def test_shallow_water_at_the_wall_costs_nothing_in_china() -> None:
    """The case that was wrong: 0.14 m of water at the wall of every house of the demo."""
    names = ("damage_share", "damage_sector", "damage_value", "damage_price", "contents_share", "warning")
    told: dict[str, Any] = {f"flood_{name}": resolve(f"flood_{name}", region="CN-ZJ") for name in names}
    table = street(building_use=["residential"] * 2, floors=[6.0, 6.0], building_depth=[0.14, 0.65])
    found = flood_damage(
        buildings=table, **told, ground_floor_height=resolve("ground_floor_height", region="CN-ZJ"),
        p=FloodDamageParams(),
    ).building_damage  # fmt: skip
    assert found.iloc[0] == 0.0
    assert found.iloc[1] == pytest.approx(100 * 330.17 * 8.975 * 1.325 * 0.326556502)


def spread(low: float, high: float) -> Resolved:
    row = Factor("ground_floor_height", "any", 0.5 * (low + high), "m", "user", low=low, high=high,
                 distribution="uniform")  # fmt: skip
    return Resolved("ground_floor_height", [row], 2025)


def draws(told: dict[str, Any], p: DamageDrawsParams) -> DamageDraws:
    return damage_draws(buildings=houses(), **ensemble(houses()), **told, p=p)


def test_the_spread_of_floors_alone_reproduces_damage_at_drawn_floors() -> None:
    """Every draw against the damage model run at that floor: the interpolation and the fit are all that is left."""
    p = DamageDrawsParams(draws=64)
    told = certain(all_facts()) | {"ground_floor_height": spread(0.0, 0.4)}
    same = ensemble(houses())
    same["member_depths"].update({name: depth_at(1.0, 0.5, houses()) for name in same["member_depths"]})
    found = damage_draws(buildings=houses(), **same, **told, p=p)
    level = sample(DamageFactors(*(told[name] for name in facts())), p).level("floor")
    table = houses().assign(building_depth=depth_at(1.0, 0.5, houses()))
    plain = {name: told[name] for name in all_facts() if name not in ("flood_rain_spread", "manning_n")}

    def damage(floor: float) -> float:
        at = plain | {"ground_floor_height": {"any": floor}}
        return float(flood_damage(buildings=table, **at, p=FloodDamageParams()).building_damage.sum())

    exact = pd.Series([damage(0.4 * min(max(each, 0.01), 0.99)) for each in level], found.damage_draws.index)
    assert found.emulator_error == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(found.damage_draws, exact, rtol=0.01)


def test_wider_floors_widen_the_band() -> None:
    p = DamageDrawsParams(draws=128)
    narrow, wide = (
        draws(all_facts() | {"ground_floor_height": spread(0.2 - half, 0.2 + half)}, p).damage_draws
        for half in (0.01, 0.2)
    )
    assert np.ptp(wide.quantile([0.05, 0.95])) > np.ptp(narrow.quantile([0.05, 0.95]))


def test_floors_in_china_are_of_the_code_in_force() -> None:
    """Older houses may lie level with a raised street; the least that the codes since 1997 ask for is 0.15 m."""
    rows = resolve("ground_floor_height", region="CN-ZJ")
    table = street(
        building_use=["residential"] * 3 + ["industrial", "office"], year_built=[1985, NAN, 1998, 2016, 2016]
    )
    low, value, high = (floor_heights(table, rows, level=level) for level in (0.0, None, 1.0))
    assert value.tolist() == [0.15] * 5
    assert (low[:2] < 0.05).all()
    assert (low[2:] >= 0.15).all()
    assert (low[2:] < 0.16).all()
    assert high == pytest.approx([0.4133, 0.4133, 0.42, 0.285, 0.42], abs=1e-4), "0.45 - sqrt(0.01 x width x fall)"
    in_force = {key: rows.rows[key].status for key in ("residential", "residential/1997", "residential/2014")}
    assert in_force == {
        "residential": "assumed", "residential/1997": "recalled_unverified", "residential/2014": "single_source"
    }  # fmt: skip


def test_the_band_of_damage_follows_the_vintage() -> None:
    """Damage at the lowest floors that the rows allow: more where the houses are old."""
    names = ("damage_share", "damage_sector", "damage_value", "damage_price", "contents_share", "warning")
    told: dict[str, Any] = {f"flood_{name}": resolve(f"flood_{name}", region="CN-ZJ") for name in names}
    rows = resolve("ground_floor_height", region="CN-ZJ")
    table = street(building_use=["residential"] * 2, floors=[1.0, 1.0], building_depth=[0.2, 0.2],
                   year_built=[1985.0, 2015.0])  # fmt: skip

    def damage(level: float) -> list[float]:
        stated = table.assign(floor_height=floor_heights(table, rows, level=level))
        found = flood_damage(buildings=stated, **told, ground_floor_height=rows, p=FloodDamageParams())
        return [float(each) for each in found.building_damage]

    per_metre = 100 * 330.17 * 8.975 * 1.325 * 0.326556502 / 0.5
    old, new = damage(0.01)
    floor = 0.0 + np.sqrt(0.01 * 0.45 * 0.15)
    assert old == pytest.approx(per_metre * (0.2 - floor))
    assert new < 0.06 * per_metre
    assert old > 3 * new


def test_a_floor_of_nothing_reads_the_curves_from_the_ground() -> None:
    """The other reading of the source, by one row; the shipped rows subtract the floor once, not twice."""
    names = ("damage_share", "damage_sector", "damage_value", "damage_price", "contents_share", "warning")
    told: dict[str, Any] = {f"flood_{name}": resolve(f"flood_{name}", region="CN-ZJ") for name in names}
    table = street(building_use=["residential"], floors=[1.0], building_depth=[0.4])
    own = Factor("ground_floor_height", "any", 0.0, "m", "user", origin="factors.csv")
    books = (shipped().with_rows([own]), shipped())
    ground, floor = (
        flood_damage(
            buildings=table, **told, p=FloodDamageParams(),
            ground_floor_height=book.resolve("ground_floor_height", region="CN-ZJ", year=2025),
        ).building_damage.iloc[0]
        for book in books
    )  # fmt: skip
    per_metre = 100 * 330.17 * 8.975 * 1.325 * 0.326556502 / 0.5
    assert ground == pytest.approx(per_metre * 0.4)
    assert floor == pytest.approx(per_metre * 0.25)
