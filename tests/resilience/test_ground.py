"""Roughness, soil, curve numbers and runoff: looked up from factor rows, nothing assumed in silence."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import COVER
from citybraid.resilience.ground.curve_number import CurveNumberParams, curve_number
from citybraid.resilience.ground.roughness import roughness
from citybraid.resilience.ground.runoff import Runoff, RunoffParams, runoff
from citybraid.resilience.ground.soil import Soil, SoilParams, soil

CODES = np.array([[code for code, _ in COVER]])
NONE = np.zeros(CODES.shape)


def fact(name: str) -> Mapping[str, float]:
    return shipped().resolve(name, region="CN", year=2025)


def codes(values: object) -> xr.DataArray:
    return xr.DataArray(np.asarray(values, dtype=np.int32), dims=("y", "x"))


def shares(values: object) -> xr.DataArray:
    return xr.DataArray(np.asarray(values, dtype=np.float64), dims=("y", "x"))


def ground(
    cover: object = CODES, *, paving: object = NONE, garden: object = NONE, group: str | None = "B",
    rain: float | None = None, run_on: float = 0.0,
) -> Soil:  # fmt: skip
    names = (
        "green_ampt",
        "initial_saturation",
        "pervious_share",
        "depression_storage",
        "facility_storage",
        "paving_run_on",
    )
    return soil(
        land_cover=codes(cover),
        permeable_paving=shares(paving),
        rain_garden=shares(garden),
        p=SoilParams.model_validate({"soil_group": group}),
        rain_intensity=None if rain is None else pd.Series([rate := rain / 2.0, rate], index=[0.0, 1.0]),
        **{**{name: fact(name) for name in names}, "paving_run_on": {"": run_on}},  # type: ignore[arg-type]
    )


def event(number: object, *, garden: float = 0.0, rate: float = 50.0) -> Runoff:
    numbers = shares(number)
    empty = numbers * 0.0
    return runoff(
        rain_intensity=pd.Series([rate, rate], index=[0.0, 1.0]),
        curve_number=numbers,
        permeable_paving=empty,
        rain_garden=empty + garden,
        facility_storage=fact("facility_storage"),
        paving_run_on=fact("paving_run_on"),
        p=RunoffParams(),
    )


def test_every_cover_has_every_value() -> None:
    assert np.isfinite(roughness(land_cover=codes(CODES), manning_n=fact("manning_n")).manning.to_numpy()).all()
    for layer in ground():
        assert np.isfinite(layer.to_numpy()).all()
    for group in "ABCD":
        p = CurveNumberParams.model_validate({"soil_group": group})
        found = curve_number(land_cover=codes(CODES), numbers=fact("curve_number"), p=p)
        assert np.isfinite(found.curve_number.to_numpy()).all()


def test_no_cover_no_value() -> None:
    assert np.isnan(roughness(land_cover=codes([[0]]), manning_n=fact("manning_n")).manning.to_numpy()).all()
    for layer in ground([[0]], paving=[[0.0]], garden=[[0.0]]):
        assert np.isnan(layer.to_numpy()).all()


def test_unknown_cover_is_refused() -> None:
    with pytest.raises(InputError) as told:
        roughness(land_cover=codes([[77]]), manning_n=fact("manning_n"))
    assert told.value.text == "cover.unknown"


def test_a_missing_soil_group_is_asked_for() -> None:
    with pytest.raises(InputError) as told:
        ground(group=None)
    assert told.value.text == "soil.group_missing"
    with pytest.raises(InputError) as told:
        curve_number(land_cover=codes(CODES), numbers=fact("curve_number"), p=CurveNumberParams())
    assert told.value.text == "soil.group_missing"


def test_the_layer_s_group_wins_over_the_assumed() -> None:
    p = CurveNumberParams(soil_group="D")
    found = curve_number(
        land_cover=codes([[30, 30]]), numbers=fact("curve_number"), p=p, soil_group=codes([[1, 0]])
    ).curve_number
    assert found.to_numpy().tolist() == [[49.0, 84.0]]


def test_sealed_ground_takes_nothing_and_paving_opens_it() -> None:
    sealed, opened = ground([[51]], paving=[[0.0]], garden=[[0.0]]), ground([[51]], paving=[[0.4]], garden=[[0.0]])
    assert sealed.hydraulic_conductivity.item() == 0.0
    assert opened.hydraulic_conductivity.item() == pytest.approx(0.4 * 6.5)
    assert (opened.surface_storage - sealed.surface_storage).item() == pytest.approx(0.4 * 105.0)
    garden = ground([[30]], paving=[[0.0]], garden=[[0.1]])
    assert garden.surface_storage.item() == pytest.approx(3.8 + 25.0)


@pytest.mark.parametrize(
    ("share", "rain", "run_on", "stored"),
    [
        (0.4, 40.0, 0.0, 0.4 * 40.0),  # the rain on the paving alone
        (0.4, 140.0, 0.0, 0.4 * 105.0),  # more than its pores hold
        (0.2, 30.0, 2.0, 0.2 * 3.0 * 30.0),  # and twice its area beside it
        (0.2, 60.0, 2.0, 0.2 * 105.0),
        (0.6, 10.0, 2.0, 10.0),  # there is no more ground on the cell than that
        (0.0, 40.0, 2.0, 0.0),
    ],
)
def test_permeable_paving_stores_no_more_than_what_reaches_it(
    share: float, rain: float, run_on: float, stored: float
) -> None:
    bare, laid = (
        ground([[51]], paving=[[each]], garden=[[0.0]], rain=rain, run_on=run_on).surface_storage
        for each in (0.0, share)
    )
    assert (laid - bare).item() == pytest.approx(stored)


def test_soil_below_paving_takes_water_from_elsewhere_only_once_its_pores_are_full() -> None:
    """In 40 mm the pores take all that falls on the paving; in 140 mm they fill, and 40 % of the cell seeps."""
    light, heavy = (ground([[51]], paving=[[0.4]], garden=[[0.0]], rain=rain) for rain in (40.0, 140.0))
    assert light.hydraulic_conductivity.item() == light.moisture_deficit.item() == 0.0
    assert heavy.hydraulic_conductivity.item() == pytest.approx(0.4 * 6.5)
    grass = ground([[30]], paving=[[0.0]], garden=[[0.0]])
    assert heavy.moisture_deficit.item() == pytest.approx(0.4 * grass.moisture_deficit.item())


def test_runoff_of_permeable_paving_by_hand() -> None:
    """CN 100: all of 40 mm runs off. A third of the cell keeps what falls on it, and as much beside it if asked."""
    words: dict[str, Any] = {
        "rain_intensity": pd.Series([20.0, 20.0], index=[0.0, 1.0]), "curve_number": shares([[100.0]]),
        "permeable_paving": shares([[0.3]]), "rain_garden": shares([[0.0]]),
        "facility_storage": fact("facility_storage"), "p": RunoffParams(),
    }  # fmt: skip
    alone, beside = (runoff(**words, paving_run_on={"": ratio}) for ratio in (0.0, 1.0))
    assert alone.runoff_depth.item() == pytest.approx(0.7 * 40.0)
    assert alone.runoff_control == pytest.approx(0.3)
    assert beside.runoff_depth.item() == pytest.approx(0.4 * 40.0)
    assert fact("paving_run_on")[""] == 0.0


def test_runoff_by_hand() -> None:
    """100 mm on CN 80: S = 63.5, Ia = 12.7, Q = 87.3² / (87.3 + 63.5) = 50.54 mm."""
    found = event([[80.0]])
    assert found.runoff_depth.item() == pytest.approx(87.3**2 / 150.8)
    assert found.runoff_control == pytest.approx(1 - 87.3**2 / 150.8 / 100)


def test_gardens_keep_their_volume() -> None:
    assert event([[80.0]], garden=0.1).runoff_depth.item() == pytest.approx(87.3**2 / 150.8 - 25.0)


def test_no_rain_runs_off_nowhere() -> None:
    assert event([[100.0]], rate=0.0).runoff_control == 1.0


def test_sealed_water_keeps_nothing() -> None:
    assert event([[100.0]]).runoff_control == pytest.approx(0.0, abs=1e-12)


def bars(values: NDArray[np.float64], title: str, path: Path) -> None:
    picture, axis = plt.subplots(figsize=(7, 3.4), layout="constrained")
    axis.bar([name for _, name in COVER], values)
    axis.set_title(title)
    axis.tick_params(axis="x", rotation=30)
    picture.savefig(path, dpi=110)
    plt.close(picture)


def test_roughness_figure(figure: Callable[[str], Path]) -> None:
    found = roughness(land_cover=codes(CODES), manning_n=fact("manning_n")).manning.to_numpy()[0]
    bars(found, "Manning's n [s m$^{-1/3}$]", figure("resilience.roughness"))
    assert found.max() / found.min() > 5


def test_curve_number_figure(figure: Callable[[str], Path]) -> None:
    picture, axis = plt.subplots(figsize=(7, 3.4), layout="constrained")
    for place, group in enumerate("ABCD"):
        p = CurveNumberParams.model_validate({"soil_group": group})
        found = curve_number(land_cover=codes(CODES), numbers=fact("curve_number"), p=p).curve_number.to_numpy()[0]
        axis.bar(np.arange(len(COVER)) + 0.2 * place - 0.3, found, width=0.2, label=f"group {group}")
    axis.set_xticks(np.arange(len(COVER)), [name for _, name in COVER], rotation=30)
    axis.set(title="Curve number", ylim=(0, 119))
    axis.legend(ncols=4, loc="upper left")
    picture.savefig(figure("resilience.curve_number"), dpi=110)
    plt.close(picture)
    assert found.min() >= 73.0


def test_soil_figure(figure: Callable[[str], Path]) -> None:
    time = np.linspace(0.001, 3.0, 200)
    picture, axis = plt.subplots(figsize=(7, 3.4), layout="constrained")
    for group in "ABCD":
        found = ground([[30]], paving=[[0.0]], garden=[[0.0]], group=group)
        k, head = (
            found.hydraulic_conductivity.item(),
            (found.suction_head.item() * found.moisture_deficit.item()),
        )
        taken = np.linspace(0.01, 300.0, 20000)
        axis.plot(time, np.interp(time, (taken - head * np.log1p(taken / head)) / k, taken), label=f"group {group}")
    axis.set(xlabel="time ponded [h]", ylabel="infiltrated [mm]", title="Grass, by soil group")
    axis.legend()
    picture.savefig(figure("resilience.soil"), dpi=110)
    plt.close(picture)
    assert ground(group="A").hydraulic_conductivity.max() > ground(group="D").hydraulic_conductivity.max()


def test_runoff_figure(figure: Callable[[str], Path]) -> None:
    picture, axis = plt.subplots(figsize=(7, 3.4), layout="constrained")
    rates = np.linspace(0.0, 100.0, 41)
    for number in (50, 65, 80, 90, 98):
        flow = [event([[float(number)]], rate=rate).runoff_depth.item() for rate in rates]
        axis.plot(2 * rates, flow, label=f"CN {number}")
        assert flow == sorted(flow)
    axis.set(xlabel="rain [mm]", ylabel="runoff [mm]", title="Direct runoff")
    axis.legend()
    picture.savefig(figure("resilience.runoff"), dpi=110)
    plt.close(picture)
