"""Flood measures on the small plan: where they go, in which order, what they count."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, shipped
from citybraid.core.model import MeasureParams, Model
from citybraid.integrate.measures.design_runoff import design_intensity
from citybraid.integrate.measures.early_warning import EarlyWarningParams, early_warning
from citybraid.integrate.measures.floor_elevation import FloorElevationParams, floor_elevation
from citybraid.integrate.measures.levee import LeveeParams, levee
from citybraid.integrate.measures.lowest_first import ground_at, lowest_first
from citybraid.integrate.measures.pipe_upgrade import PipeUpgradeParams, pipe_upgrade
from citybraid.integrate.measures.property_protection import PropertyProtectionParams, property_protection
from citybraid.integrate.measures.pump import PREFIX, PumpParams, pump
from citybraid.integrate.measures.storage_tank import StorageTankParams, storage_tank
from citybraid.resilience.damage.floor_heights import floor_heights
from citybraid.resilience.ground.soil import SoilParams, soil
from tests.integrate.plan import (
    BUILDINGS,
    CELL,
    GRID,
    PARCELS,
    arguments,
    centres,
    land_cover,
    raster,
    run,
    table,
    terrain,
)

PAIRS = {"70": 20.0, "80": 30.0}
STORM = shipped().resolve("storm_formula", region="CN-JS-SZ", year=2025)
MEASURES = (
    (pipe_upgrade, PipeUpgradeParams),
    (floor_elevation, FloorElevationParams),
    (property_protection, PropertyProtectionParams),
    (early_warning, EarlyWarningParams),
    (levee, LeveeParams),
    (pump, PumpParams),
    (storage_tank, partial(StorageTankParams, rate=0.75)),
)
LEVEES = table(
    {
        "river": (shapely.LineString([(0, -3), (90, -3)]), 12.0, np.nan),
        "wall": (shapely.LineString([(60, 20), (60, 40)]), np.nan, 1.0),
    },
    ("crest_level", "crest_height"),
)
EVERY = pytest.mark.parametrize(("measure", "params"), MEASURES, ids=lambda part: getattr(part, "name", ""))


OTHER = {"storm_formula": STORM, "pairs": PAIRS, "levees": LEVEES, "pumps": None}


def done(measure: Model[Any, Any], p: MeasureParams | None = None, **given: object) -> Any:
    p = StorageTankParams(rate=0.75) if p is None and measure is storage_tank else p
    return run(measure, p, **{**OTHER, **given})


def quantity(measure: Model[Any, Any], found: Any) -> Any:
    assert measure.quantity is not None
    return getattr(found, measure.quantity.name)


@EVERY
def test_something_is_installed_and_only_in_the_named_units(
    measure: Model[Any, Any], params: Callable[..., MeasureParams]
) -> None:
    both, west = done(measure), done(measure, params(where=("west",)))
    assert quantity(measure, both).sum() > 0
    assert quantity(measure, west)["east"] == 0
    assert quantity(measure, west)["west"] == pytest.approx(quantity(measure, both)["west"])


@EVERY
def test_a_share_of_zero_changes_nothing(measure: Model[Any, Any], params: Callable[..., MeasureParams]) -> None:
    found = done(measure, params(share=0.0))
    assert quantity(measure, found).sum() == 0
    for name, value in zip(measure.makes, found, strict=True):
        if name in measure.needs and name not in {"warning_time", "pumps"}:
            assert np.array_equal(
                np.asarray(value), np.asarray(arguments(measure, **OTHER)[name], dtype=np.asarray(value).dtype)
            )


@EVERY
def test_an_unknown_unit_is_told(measure: Model[Any, Any], params: Callable[..., MeasureParams]) -> None:
    with pytest.raises(InputError, match="south"):
        done(measure, params(where=("south",)))


def test_the_design_storm_is_the_formula_s() -> None:
    """Suzhou, 3 years, 60 min: 17.969 (1 + 1.24 lg 3) / (60 + 18.415)^0.785 mm/min."""
    assert design_intensity(STORM, period=3.0, minutes=60.0) == pytest.approx(60 * 17.969 * 1.59163 / 30.698, rel=1e-4)


def test_drains_carry_the_runoff_of_the_design_storm() -> None:
    p = PipeUpgradeParams(return_period=3.0, design_time=60.0)
    found = done(pipe_upgrade, p)
    cover = land_cover().to_numpy()
    x, _ = centres()
    west = x < 50
    green = cover[west] == 30
    psi = np.where(green, 0.15, 0.85).mean()
    want = psi * design_intensity(STORM, period=3.0, minutes=60.0)
    assert np.unique(found.drain_capacity.to_numpy()[west]) == pytest.approx(want)
    assert found.upgraded_drainage_area["west"] == pytest.approx(west.sum() * CELL)


def test_drains_that_carry_more_stay_and_water_has_none() -> None:
    wide = raster(np.full(GRID.shape, 400.0))
    kept = done(pipe_upgrade, drain_capacity=wide)
    assert np.array_equal(kept.drain_capacity.to_numpy(), wide.to_numpy())
    assert kept.upgraded_drainage_area.sum() == 0
    cover = land_cover()
    cover.to_numpy()[:4] = 80
    cover.to_numpy()[4] = 0
    found = done(pipe_upgrade, land_cover=cover).drain_capacity.to_numpy()
    assert not found[:5].any()
    assert found[5:].all()


def test_old_tall_and_listed_buildings_keep_their_floors_and_new_ones_need_not() -> None:
    raised = done(floor_elevation)
    assert raised.floor_height.dropna().to_dict() == {"shop": 0.6}
    assert raised.raised_floor_area.to_dict() == {"west": 100.0, "east": 0.0}
    new = done(floor_elevation, FloorElevationParams(new_from=2000.0, height=0.45))
    assert new.floor_height.dropna().to_dict() == {"villa": 0.45, "shop": 0.45, "tower": 0.45}


def test_a_floor_of_unknown_height_is_the_one_that_damage_reckons_with() -> None:
    """0.15 m in China: raising to 0.1 m would lower it. A row of the user's own counts for both."""
    low = done(floor_elevation, FloorElevationParams(new_from=1900.0, height=0.1))
    assert low.raised_floor_area.sum() == 0
    assert low.floor_height.isna().all()
    assert done(floor_elevation, FloorElevationParams(new_from=1900.0, height=0.16)).raised_floor_area.sum() > 0
    own = Factor("ground_floor_height", "any", 0.7, "m", "user", origin="factors.csv")
    rows = shipped().with_rows([own]).resolve("ground_floor_height", region="CN-ZJ", year=2025)
    assert done(floor_elevation, ground_floor_height=rows).raised_floor_area.sum() == 0
    both = floor_heights(BUILDINGS.assign(floor_height=np.nan), rows)
    assert both.tolist() == [0.7] * len(BUILDINGS)


def test_a_higher_floor_stays() -> None:
    high = BUILDINGS[["geometry", "building_use", "floors"]].assign(floor_height=[0.1, 0.2, 0.9, np.nan, 0.0])
    found = done(floor_elevation, buildings=high)
    assert found.floor_height.to_list()[:3] == [0.1, 0.2, 0.9]
    assert found.raised_floor_area.sum() == 0


def test_barriers_go_to_the_lowest_ground_first() -> None:
    every = done(property_protection)
    assert every.protection_height.dropna().to_dict() == {"slab": 0.9, "villa": 0.9, "shop": 0.9, "tower": 0.9}
    assert every.protected_wall_length.to_dict() == {"west": 84.0 + 40.0 + 40.0, "east": 46.0}
    few = done(property_protection, PropertyProtectionParams(share=0.3))
    assert few.protection_height.dropna().to_dict() == {"slab": 0.9}, "the lowest; the middle of a wall counts"


def test_ground_and_order() -> None:
    points = BUILDINGS.geometry.centroid
    level = ground_at(points, terrain(), grid=GRID)
    assert level[0] == pytest.approx(10.0 + 0.01 * 12.5, abs=0.01)
    assert np.isnan(ground_at(points.translate(xoff=500.0), terrain(), grid=GRID)).all()
    unit, amount = np.array([0, 0, 0, -1]), np.array([1.0, 1.0, 2.0, 9.0])
    order = np.array([3.0, 1.0, np.nan, 0.0])
    assert lowest_first(unit, level=order, amount=amount, share=0.3).tolist() == [False, True, False, False]
    assert lowest_first(unit, level=order, amount=amount, share=1.0).tolist() == [True, True, True, False]


def test_warnings_prepare_the_units_that_take_them() -> None:
    found = done(early_warning, EarlyWarningParams(where=("west",), share=0.4), warning_time=None)
    assert found.warning_time == 3.0
    assert found.prepared_share.to_dict() == {"slab": 0.4, "villa": 0.4, "shop": 0.4, "tower": 0.0, "hall": 0.0}
    assert found.people_warned.to_dict() == {"west": 120.0, "east": 0.0}


def test_a_warning_that_is_there_is_never_made_worse() -> None:
    before = BUILDINGS[["geometry"]].assign(prepared_share=[0.9, 0.1, np.nan, np.nan, 0.3])
    found = done(early_warning, EarlyWarningParams(where=("west",), share=0.4), warning_time=6.0, buildings=before)
    assert found.warning_time == 6.0
    np.testing.assert_array_equal(found.prepared_share, [0.9, 0.4, np.nan, np.nan, 0.3])


def test_nobody_is_warned_twice() -> None:
    units = arguments(early_warning)["units"].assign(people_warned=[250.0, 40.0])
    found = done(early_warning, EarlyWarningParams(share=0.5), units=units)
    assert found.people_warned.to_dict() == {"west": 300.0, "east": 40.0}


def test_levees_are_raised_by_what_they_state() -> None:
    found = done(levee, LeveeParams(height=0.8, share=0.5))
    assert found.crest_level.to_dict() == pytest.approx({"river": 12.4, "wall": np.nan}, nan_ok=True)
    assert found.crest_height.to_dict() == pytest.approx({"river": np.nan, "wall": 1.4}, nan_ok=True)
    assert found.raised_levee_face.to_dict() == pytest.approx({"west": 90 * 0.4, "east": 20 * 0.4})
    east = done(levee, LeveeParams(where=("east",)))
    assert east.crest_level["river"] == 12.0


def test_pumps_stand_on_the_lowest_free_ground_and_carry_the_runoff() -> None:
    found = done(pump, PumpParams(return_period=3.0, design_time=60.0))
    assert list(found.pumps.index) == [f"{PREFIX}west", f"{PREFIX}east"]
    west = found.pumps[f"{PREFIX}west"]
    assert west.y == 2.5, "the lowest row"
    assert west.x > 10.0, "off the bank"
    cover = land_cover().to_numpy()
    x, _ = centres()
    psi = np.where(cover[x < 50] == 30, 0.15, 0.85).mean()
    want = psi * design_intensity(STORM, period=3.0, minutes=60.0) * 5000.0 / 3.6e6
    assert found.pump_capacity[f"{PREFIX}west"] == pytest.approx(want)
    assert found.pump_capacity_added["west"] == pytest.approx(want)
    assert found.pump_start_level.isna().all()


def test_pumps_keep_off_buildings_and_listed_land_and_grow_where_they_stand() -> None:
    low = raster(np.full(GRID.shape, 10.0))
    x, y = centres()
    low.to_numpy()[(x > 70) & (x < 85) & (y > 70) & (y < 80)] = 5.0
    found = done(pump, terrain=low)
    point = found.pumps[f"{PREFIX}east"]
    assert not PARCELS.geometry["temple"].contains(point)
    assert not any(shape.intersects(point.buffer(2.4)) for shape in BUILDINGS.geometry)
    there = table(
        {f"{PREFIX}west": (found.pumps[f"{PREFIX}west"], 0.01), "mine": (shapely.Point(1, 1), 0.5)}, ("pump_capacity",)
    )
    again = done(pump, pumps=there)
    assert list(again.pumps.index) == [f"{PREFIX}west", "mine", f"{PREFIX}east"]
    assert again.pump_capacity["mine"] == 0.5
    assert again.pump_capacity_added["west"] == pytest.approx(again.pump_capacity[f"{PREFIX}west"] - 0.01)
    more = done(pump, PumpParams(share=0.5), pumps=there.assign(pump_capacity=9.0))
    assert more.pump_capacity_added["west"] == 0


def test_tanks_hold_the_guide_s_volume_less_what_is_held() -> None:
    """W = 10 psi H F: the homes' 45 m square, H = 25 mm."""
    found = done(storage_tank)
    cover = land_cover().to_numpy()
    x, y = centres()
    homes = (x < 45) & (y < 45)
    psi = np.where(cover[homes] == 30, 0.15, 0.85).mean()
    assert found.detention_storage["homes"] == pytest.approx(10 * psi * 25 * 0.2025)
    assert np.isnan(found.detention_storage["temple"])
    garden = raster(np.where(homes, 0.02, 0.0))
    less = done(storage_tank, rain_garden=garden)
    psi = 0.98 * psi + 0.02 * 0.15
    assert less.detention_storage["homes"] == pytest.approx(10 * psi * 25 * 0.2025 - 0.02 * 0.25 * 2025)


def test_tanks_follow_the_rate_that_parcels_state() -> None:
    parcels = PARCELS[["geometry", "land_use"]].assign(planned_runoff_control=[0.75, np.nan, 0.9, 0.7])
    found = done(storage_tank, StorageTankParams(), parcels=parcels)
    assert found.detention_storage["homes"] == pytest.approx(done(storage_tank).detention_storage["homes"])
    assert found.detention_storage[["park", "offices"]].isna().all(), "no rate; beyond the pairs"
    held = parcels.assign(detention_storage=[20.0, 3.0, 0.0, 0.0])
    more = done(storage_tank, StorageTankParams(rate=0.7), parcels=held)
    assert more.detention_storage["homes"] == pytest.approx(found.detention_storage["homes"])
    assert more.tank_volume["west"] == pytest.approx((more.detention_storage - held.detention_storage)[:2].sum())


def test_where_no_rate_is_asked_no_tank_is_built() -> None:
    found = done(storage_tank, StorageTankParams())
    assert found.tank_volume.sum() == 0
    assert found.detention_storage.isna().all()


def test_soil_holds_tanks_over_the_parcel() -> None:
    held = PARCELS[["geometry"]].assign(detention_storage=[20.25, np.nan, 0.0, np.nan])
    words = {"green_roof_cover": None, "soil_group": None, "rain_intensity": None}
    with_tank = run(soil, SoilParams(soil_group="B"), **words, parcels=held).surface_storage.to_numpy()
    without = run(soil, SoilParams(soil_group="B"), **words, parcels=None).surface_storage.to_numpy()
    x, y = centres()
    homes = (x < 45) & (y < 45)
    assert (with_tank - without)[homes] == pytest.approx(10.0)
    assert not (with_tank - without)[~homes].any()
    assert pd.notna(with_tank).all()
