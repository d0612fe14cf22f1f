"""Flood measures on the small plan, run by the engine: each lowers depth, damage or people, by what it says."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from citybraid.core.evaluate import Use
from citybraid.core.model import MeasureParams, Model
from citybraid.integrate.measures.early_warning import EarlyWarningParams, early_warning
from citybraid.integrate.measures.floor_elevation import FloorElevationParams, floor_elevation
from citybraid.integrate.measures.levee import LeveeParams, levee
from citybraid.integrate.measures.pipe_upgrade import PipeUpgradeParams, pipe_upgrade
from citybraid.integrate.measures.property_protection import PropertyProtectionParams, property_protection
from citybraid.integrate.measures.pump import PumpParams, pump
from citybraid.integrate.measures.storage_tank import StorageTankParams, storage_tank
from tests.study.flooded_plan import FloodedPlan, river_bank

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> FloodedPlan:
    return FloodedPlan(tmp_path_factory.mktemp("plan"))


@pytest.fixture(scope="module")
def before(town: FloodedPlan) -> dict[str, Any]:
    return town.under()


def test_the_storm_floods_the_lower_buildings(before: dict[str, Any]) -> None:
    assert before["building_depth"]["slab"] > 0.15
    assert before["building_damage"].sum() > 0.0
    assert before["people_exposed"]["slab"] == 90.0
    assert before["people_unwarned"].sum() == before["people_exposed"].sum()


def test_larger_drains_lower_the_water_everywhere(town: FloodedPlan, before: dict[str, Any]) -> None:
    after = town.under(Use(pipe_upgrade, PipeUpgradeParams(return_period=5.0)))
    lower = before["max_depth"] - after["max_depth"]
    assert float(lower.min()) > -1e-3
    assert float(lower.max()) > 0.02
    assert after["drained_volume"] > 100.0
    assert after["building_damage"].sum() < 0.9 * before["building_damage"].sum()
    more = town.under(Use(pipe_upgrade, PipeUpgradeParams(return_period=50.0)))
    assert more["building_damage"].sum() < after["building_damage"].sum()


def test_raised_floors_leave_the_water_and_lower_the_damage(town: FloodedPlan, before: dict[str, Any]) -> None:
    after = town.under(Use(floor_elevation, FloorElevationParams(height=0.3, new_from=1900.0)))
    assert np.array_equal(after["max_depth"], before["max_depth"], equal_nan=True)
    assert (after["building_damage"] <= before["building_damage"]).all()
    assert after["building_damage"]["slab"] < 0.5 * before["building_damage"]["slab"]


def test_barriers_keep_shallow_water_out(town: FloodedPlan, before: dict[str, Any]) -> None:
    depth = before["building_depth"]
    after = town.under(Use(property_protection, PropertyProtectionParams(height=0.9)))
    kept = (depth <= 0.9) & (depth.index != "hall")
    assert (after["building_damage"][kept] == 0.0).all()
    assert after["building_damage"].sum() < before["building_damage"].sum()
    low = town.under(Use(property_protection, PropertyProtectionParams(height=0.05)))
    assert low["building_damage"]["slab"] == pytest.approx(before["building_damage"]["slab"])


def test_a_warning_saves_contents_and_reaches_people(town: FloodedPlan, before: dict[str, Any]) -> None:
    after = town.under(Use(early_warning, EarlyWarningParams(share=0.5)))
    assert after["structure_damage"].sum() == pytest.approx(before["structure_damage"].sum())
    saving = 1.0 - 0.5 * 0.19
    assert after["contents_damage"].sum() == pytest.approx(saving * before["contents_damage"].sum())
    assert after["people_unwarned"].sum() == pytest.approx(0.5 * before["people_exposed"].sum())
    late = town.under(Use(early_warning, EarlyWarningParams(lead_time=0.5)))
    assert late["building_damage"].sum() == pytest.approx(before["building_damage"].sum())
    assert late["people_unwarned"].sum() == before["people_exposed"].sum()


def test_tanks_hold_what_the_rate_asks_for_and_lower_the_water(town: FloodedPlan, before: dict[str, Any]) -> None:
    after = town.under(Use(storage_tank, StorageTankParams(rate=0.8)))
    assert after["tank_volume"].sum() > 50.0
    gained = after["annual_runoff_control"] - before["annual_runoff_control"]
    assert float(gained.max()) > 0.3
    assert float((before["max_depth"] - after["max_depth"]).min()) > -1e-3
    assert after["building_damage"].sum() < 0.9 * before["building_damage"].sum()


def test_pumps_lift_the_water_away(town: FloodedPlan, before: dict[str, Any]) -> None:
    after = town.under(Use(pump, PumpParams(return_period=10.0)))
    assert len(after["pumps"]) == 2
    lifted = float(after["pump_volume"].sum())
    assert lifted > 50.0
    assert after["stored_volume"] == pytest.approx(before["stored_volume"] - lifted, rel=0.02)
    assert after["building_damage"].sum() < 0.9 * before["building_damage"].sum()
    none = town.under(Use(pump, PumpParams(share=0.0)))
    assert len(none["pumps"]) == 0
    assert none["building_damage"].sum() == before["building_damage"].sum()


def test_a_higher_levee_holds_the_river_back(town: FloodedPlan) -> None:
    bank = river_bank(town)
    low = town.under(more=bank, south="level")
    assert low["building_damage"].sum() > 0.0
    high = town.under(Use(levee, LeveeParams(height=0.5)), more=bank, south="level")
    assert high["building_damage"].sum() == 0.0
    assert high["raised_levee_face"].sum() == pytest.approx(110.0 * 0.5)
    losses = [
        town.under(Use(levee, LeveeParams(height=0.5, share=share)), more=bank, south="level")["building_damage"].sum()
        for share in (0.0, 0.25, 0.5, 1.0)
    ]
    assert losses[0] == low["building_damage"].sum()
    assert np.diff(losses).max() <= 0.01 * losses[0], "water that comes over later comes with a small surge"


EVERY = (
    (pipe_upgrade, PipeUpgradeParams),
    (floor_elevation, FloorElevationParams),
    (property_protection, PropertyProtectionParams),
    (early_warning, EarlyWarningParams),
    (pump, PumpParams),
    (storage_tank, partial(StorageTankParams, rate=0.8)),
)


@pytest.mark.parametrize(("measure", "params"), EVERY, ids=lambda part: getattr(part, "name", ""))
def test_more_of_a_measure_never_means_more_damage(
    town: FloodedPlan, before: dict[str, Any], measure: Model[Any, Any], params: Callable[..., MeasureParams]
) -> None:
    damage = [before["building_damage"].sum()]
    damage += [town.under(Use(measure, params(share=share)))["building_damage"].sum() for share in (0.0, 0.5, 1.0)]
    assert damage[1] == damage[0]
    assert damage == sorted(damage, reverse=True)
    assert damage[3] < damage[0]
