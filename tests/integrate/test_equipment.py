"""Measures on equipment, on the small plan: where they go, what they count, and their figures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.model import MeasureParams, Model
from citybraid.integrate.measures.equipment.car_charging import CarChargingParams, car_charging
from citybraid.integrate.measures.equipment.efficient_appliances import EfficientAppliancesParams, efficient_appliances
from citybraid.integrate.measures.equipment.efficient_lighting import EfficientLightingParams, efficient_lighting
from citybraid.integrate.measures.equipment.electric_cooking import ElectricCookingParams, electric_cooking
from citybraid.integrate.measures.equipment.heat_pump import HeatPumpParams, heat_pump
from citybraid.integrate.measures.equipment.industrial_efficiency import (
    IndustrialEfficiencyParams,
    industrial_efficiency,
)
from tests.integrate.plan import BUILDINGS, arguments, run
from tests.integrate.test_figures import PLAN, save, shapes, sheets

PLANT = BUILDINGS.assign(
    building_use=["residential", "residential", "industrial", "office", "public"],
    residents=[300.0, 20.0, 0.0, 0.0, 0.0],
)
FLOOR = PLANT["floors"] * PLANT.area
SYSTEMS: tuple[tuple[Model[Any, Any], type[MeasureParams], str, str], ...] = (
    (heat_pump, HeatPumpParams, "heating_system", "heat_pump"),
    (efficient_lighting, EfficientLightingParams, "lighting_standard", "gbt50034_target"),
    (efficient_appliances, EfficientAppliancesParams, "equipment_standard", "best_available"),
    (industrial_efficiency, IndustrialEfficiencyParams, "equipment_standard", "industry_plan"),
    (electric_cooking, ElectricCookingParams, "cooking_system", "electric"),
)
EVERY = pytest.mark.parametrize(("measure", "params", "column", "value"), SYSTEMS, ids=lambda part: str(part)[-24:])


def view(measure: Model[Any, Any], plan: gpd.GeoDataFrame = PLANT) -> gpd.GeoDataFrame:
    """Return what the measure sees of the plan's buildings."""
    return plan[list(arguments(measure)["buildings"].columns)]


def done(measure: Model[Any, Any], p: MeasureParams | None = None, plan: gpd.GeoDataFrame = PLANT) -> Any:
    return run(measure, p, buildings=view(measure, plan))


def quantity(measure: Model[Any, Any], found: Any) -> pd.Series:
    assert measure.quantity is not None
    values: pd.Series = getattr(found, measure.quantity.name)
    return values


@EVERY
def test_the_floor_area_that_gets_it_is_counted(
    measure: Model[Any, Any], params: type[MeasureParams], column: str, value: str
) -> None:
    found = done(measure)
    got = getattr(found, column) == value
    assert got.any()
    assert quantity(measure, found).sum() == pytest.approx(FLOOR[got].sum())


@EVERY
def test_a_share_of_zero_changes_nothing(
    measure: Model[Any, Any], params: type[MeasureParams], column: str, value: str
) -> None:
    found = done(measure, params(share=0.0))
    assert quantity(measure, found).sum() == 0.0
    assert (getattr(found, column) == "as_built").all()


@EVERY
def test_what_was_renewed_before_is_left_alone(
    measure: Model[Any, Any], params: type[MeasureParams], column: str, value: str
) -> None:
    renewed = {column: "other", "hot_water_system": "other"}
    found = done(measure, plan=PLANT.assign(**renewed))
    assert (getattr(found, column) == "other").all()
    assert quantity(measure, found).sum() == 0.0


@EVERY
def test_only_the_named_units_take_it(
    measure: Model[Any, Any], params: type[MeasureParams], column: str, value: str
) -> None:
    west = done(measure, params(where=("west",)))
    assert quantity(measure, west)["east"] == 0.0
    assert quantity(measure, west)["west"] == pytest.approx(quantity(measure, done(measure))["west"])
    with pytest.raises(InputError, match="south"):
        done(measure, params(where=("south",)))


def test_each_goes_on_its_uses() -> None:
    assert (done(efficient_appliances).equipment_standard == "best_available").to_list() == [True, True, *[False] * 3]
    assert (done(industrial_efficiency).equipment_standard == "industry_plan").to_list() == [
        False,
        False,
        True,
        *[False] * 2,
    ]
    assert not (done(heat_pump).heating_system == "heat_pump")["shop"], "industry: heating unknown"
    assert not (done(heat_pump).heating_system == "heat_pump")["hall"], "heritage land: consent"


def test_the_oldest_take_it_first() -> None:
    half = done(heat_pump, HeatPumpParams(share=0.5, where=("west",)))
    assert (half.heating_system == "heat_pump").to_dict() == {
        "slab": True, "villa": False, "shop": False, "tower": False, "hall": False
    }  # fmt: skip
    assert half.hot_water_system.to_list() == half.heating_system.to_list()


def test_a_building_whose_rooms_have_a_heat_pump_still_gets_one_for_water() -> None:
    part = PLANT.assign(heating_system=["ground_source", *["as_built"] * 4])
    found = done(heat_pump, plan=part)
    assert (found.heating_system["slab"], found.hot_water_system["slab"]) == ("ground_source", "heat_pump")
    assert found.heat_pump_area.sum() == pytest.approx(done(heat_pump).heat_pump_area.sum())


def test_points_are_the_cars_that_become_electric() -> None:
    """300 + 20 residents, 0.251 cars a person, half of the engines: 40.16 points; a second half leaves a quarter."""
    once = done(car_charging, CarChargingParams(share=0.5))
    assert once.charging_points.sum() == pytest.approx(320 * 0.251 * 0.5)
    assert once.charged_cars["slab"] == pytest.approx(0.5)
    again = done(car_charging, CarChargingParams(share=0.5), PLANT.assign(charged_cars=once.charged_cars))
    assert again.charged_cars["slab"] == pytest.approx(0.75)
    assert again.charging_points.sum() == pytest.approx(320 * 0.251 * 0.25)


def drawn(measure: Model[Any, Any], path: Path, plan: gpd.GeoDataFrame = PLANT) -> None:
    """Draw which buildings get the equipment at two shares."""
    params, column, value = next(row[1:] for row in SYSTEMS if row[0] is measure)
    axes = sheets(2)
    for axis, share in zip(axes, (0.6, 1.0), strict=True):
        found = done(measure, params(share=share), plan)
        shapes(axis, plan["year_built"], title=f"Share of floor area: {share:g}", unit="year", colours="cividis")
        got = plan[getattr(found, column) == value]
        assert len(got), "something is drawn"
        got.plot(ax=axis, facecolor="none", edgecolor="crimson", hatch="///")
    save(path, *axes, source=PLAN)


def test_figure_of_heat_pumps(figure: Callable[[str], Path]) -> None:
    drawn(heat_pump, figure("integrate.measures.heat_pump"))


def test_figure_of_lighting(figure: Callable[[str], Path]) -> None:
    drawn(efficient_lighting, figure("integrate.measures.efficient_lighting"))


def test_figure_of_appliances(figure: Callable[[str], Path]) -> None:
    drawn(efficient_appliances, figure("integrate.measures.efficient_appliances"))


def test_figure_of_industry(figure: Callable[[str], Path]) -> None:
    plants = PLANT.assign(building_use="industrial")
    drawn(industrial_efficiency, figure("integrate.measures.industrial_efficiency"), plants)


def test_figure_of_cooking(figure: Callable[[str], Path]) -> None:
    drawn(electric_cooking, figure("integrate.measures.electric_cooking"))


def test_figure_of_charging(figure: Callable[[str], Path]) -> None:
    axes = sheets(2)
    for axis, share in zip(axes, (0.4, 1.0), strict=True):
        found = done(car_charging, CarChargingParams(share=share))
        points = PLANT["residents"] * 0.251 * found.charged_cars
        assert np.isclose(points.sum(), found.charging_points.sum())
        shapes(axis, points, title=f"Charging points at a share of {share:g}", unit="1")
    save(figure("integrate.measures.car_charging"), *axes, source=PLAN)
