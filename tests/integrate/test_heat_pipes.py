"""Waste heat pipes: what takers save and givers lose by pencil, what the inventory becomes, and bounds."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from citybraid.core.factor import resolve
from citybraid.integrate.measures.equipment.heat_pipes import HeatPipes, HeatPipesParams, heat_pipes
from tests.integrate.plan import UNITS

NONE = float("nan")
GAS, STEAM, BOILER = 38.931e-3, 2.69, 0.9
"""GJ of a cubic metre of gas and of a tonne of steam, and the boiler's efficiency: the rows of the factor tables."""


def works(*rows: tuple[float, float, float, float, float, float]) -> gpd.GeoDataFrame:
    """Return plants in a line: x [m], gas [m3], steam [t], use [degC], waste heat [GJ], its temperature."""
    names = (
        "plant_gas", "plant_steam", "heat_use_temperature", "plant_waste_heat", "plant_waste_heat_temperature",
    )  # fmt: skip
    columns = dict(zip(names, zip(*(row[1:] for row in rows), strict=True), strict=True))
    return gpd.GeoDataFrame(
        columns, geometry=[Point(row[0], 50) for row in rows], index=[f"w{at}" for at in range(len(rows))],
        crs=UNITS.crs,
    )  # fmt: skip


def arguments(plants: gpd.GeoDataFrame, **params: Any) -> dict[str, Any]:
    facts = {name: resolve(name, region="CN-SH") for name in ("fuel_heat_value", "steam_heat", "plant_boiler")}
    return {
        "plants": plants, "units": UNITS.assign(heat_pipe_length=0.0), **facts,
        "p": HeatPipesParams.model_validate({"share": 1.0} | params),
    }  # fmt: skip


def laid(plants: gpd.GeoDataFrame, **params: Any) -> HeatPipes:
    return heat_pipes(**arguments(plants, **params))


FURNACE, DYER = (10.0, 0.0, 0.0, NONE, 300.0, 320.0), (80.0, 10_000.0, 100.0, 110.0, 0.0, NONE)


def golden_case() -> Mapping[str, Any]:
    return arguments(works(FURNACE, DYER), share=0.5)


def test_a_furnace_heats_a_dye_works_by_pencil() -> None:
    """300 GJ of a need of 10 000 m3 of gas in a boiler and 100 t of steam; 70 m of pipe, at the taker's unit."""
    found = laid(works(FURNACE, DYER))
    need = 10_000 * GAS * BOILER + 100 * STEAM
    left = 1 - 300 / need
    assert found.plant_gas["w1"] == pytest.approx(10_000 * left, rel=1e-4)
    assert found.plant_steam["w1"] == pytest.approx(100 * left, rel=1e-4)
    assert found.plant_waste_heat.to_list() == pytest.approx([0.0, 0.0], abs=1e-6)
    assert found.heat_pipe_length.to_dict() == pytest.approx({"west": 0.0, "east": 70.0})


def test_a_share_of_the_measure_is_that_share_of_heat_and_pipe() -> None:
    half, whole = (laid(works(FURNACE, DYER), share=share) for share in (0.5, 1.0))
    assert 10_000 - half.plant_gas["w1"] == pytest.approx((10_000 - whole.plant_gas["w1"]) / 2)
    assert half.plant_waste_heat["w0"] == pytest.approx(150.0)
    assert half.heat_pipe_length.sum() == pytest.approx(35.0)


@pytest.mark.parametrize(
    ("furnace", "params"),
    [
        ((10.0, 0.0, 0.0, NONE, 300.0, 119.0), {}),
        (FURNACE, {"reach": 60.0}),
        (FURNACE, {"where": ["west"]}),
        (FURNACE, {"share": 0.0}),
    ],
)
def test_heat_too_cold_too_far_not_chosen_or_not_built_changes_nothing(
    furnace: tuple[float, ...], params: dict[str, Any]
) -> None:
    plants = works(furnace, DYER)  # type: ignore[arg-type]  # six numbers
    found = laid(plants, **params)
    assert found.plant_gas.to_list() == plants["plant_gas"].to_list()
    assert found.plant_waste_heat.to_list() == [300.0, 0.0]
    assert found.heat_pipe_length.sum() == 0.0


def test_bills_that_are_not_given_stay_unknown() -> None:
    plants = works(FURNACE, DYER).drop(columns="plant_steam")
    found = laid(plants)
    assert found.plant_steam.isna().all()
    assert found.plant_coal.isna().all()
    assert found.plant_gas["w1"] < 10_000


amount = st.floats(0, 1e6)


@given(amount, amount, st.floats(0, 1), st.floats(20, 400), st.floats(20, 400))
def test_no_more_is_taken_than_given_and_needed(
    gas: float, waste: float, share: float, use: float, warmth: float
) -> None:
    found = laid(works((10.0, 0.0, 0.0, NONE, waste, warmth), (80.0, gas, 0.0, use, 0.0, NONE)), share=share)
    saved = (gas - found.plant_gas["w1"]) * GAS * BOILER
    given_away = waste - found.plant_waste_heat["w0"]
    assert saved == pytest.approx(given_away, rel=1e-3, abs=1e-3)
    assert -1e-3 <= given_away <= waste * share + 1e-3
    assert -1e-6 <= found.plant_gas["w1"] <= gas + 1e-6


def corners() -> list[tuple[float, float, float]]:
    """No gas and very much, no waste heat and very much, none and all of the measure."""
    return list(itertools.product((0.0, 1e12), (0.0, 1e9), (0.0, 1.0)))


@pytest.mark.parametrize(("gas", "waste", "share"), corners())
def test_corners(gas: float, waste: float, share: float) -> None:
    found = laid(works((10.0, 0.0, 0.0, NONE, waste, 300.0), (80.0, gas, 0.0, 90.0, 0.0, NONE)), share=share)
    assert (found.heat_pipe_length.sum() > 0) == (gas * waste * share > 0)
    assert (found.plant_gas["w1"] < gas) == (gas * waste * share > 0)


def test_figure(figure: Callable[[str], Path]) -> None:
    warmth = np.arange(60.0, 321.0, 5.0)
    others = [(60.0, 8000.0, 0.0, 80.0, 0.0, NONE), DYER, (95.0, 12_000.0, 0.0, 250.0, 0.0, NONE)]
    saved = [36_000 - 6_000 - float(laid(works((10.0, 0.0, 0.0, NONE, 1500.0, at), *others)).plant_gas.sum())
             for at in warmth]  # fmt: skip
    fig, axis = plt.subplots(figsize=(6.5, 3.0), layout="constrained")
    axis.step(warmth, np.asarray(saved) / 1e3, where="post", color="#8c6d4f")
    axis.set(xlabel="temperature of 1500 GJ of waste heat [°C]", ylabel="gas saved [1000 m³ a year]", ylim=(0, None))
    axis.set_title("Users of heat at 80, 110 and 250 °C", fontsize=10)
    fig.savefig(figure("integrate.measures.heat_pipes"), dpi=130)
    plt.close(fig)
