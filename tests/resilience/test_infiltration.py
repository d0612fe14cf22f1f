"""Horton's soil and losses by curve numbers: rows looked up, moisture asked for, and three methods side by side."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pydantic import ValidationError

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import COVER
from citybraid.resilience.ground.curve_number_loss import CurveNumberLossParams, curve_number_loss
from citybraid.resilience.ground.horton import Horton, HortonParams, horton
from citybraid.resilience.ground.soil import SoilParams, soil
from citybraid.resilience.rain.design_storm import DesignStormParams, design_storm
from tests.resilience.basin import CLOSED, plane, run

SHAPE = (3, 3)
CODES = xr.DataArray(np.array([[code for code, _ in COVER]], np.int32), dims=("y", "x"))
NAMES = ("horton_rate", "horton_moisture", "horton_vegetation", "pervious_share")


def fact(name: str) -> Mapping[str, float]:
    return shipped().resolve(name, region="CN-JS-SZ", year=2025)


def taken(codes: xr.DataArray = CODES, **words: Any) -> Horton:
    p = HortonParams.model_validate({"moisture": "dry", "soil_group": "B", **words})
    empty = xr.zeros_like(codes, dtype=float)
    rows = {name: fact(name) for name in NAMES}
    return horton(land_cover=codes, permeable_paving=empty, p=p, **rows)  # type: ignore[arg-type]  # (by name)


def test_every_cover_has_rates() -> None:
    for layer in taken():
        assert np.isfinite(layer.to_numpy()).all()
    for layer in taken(xr.zeros_like(CODES)):
        assert np.isnan(layer.to_numpy()).all()


def test_rates_are_the_manual_s() -> None:
    grass = xr.full_like(CODES, 30)
    assert float(taken(grass).horton_first_rate[0, 0]) == pytest.approx(76.2)
    assert float(taken(grass, moisture="drained").horton_first_rate[0, 0]) == pytest.approx(25.4)
    assert float(taken(xr.full_like(CODES, 10)).horton_first_rate[0, 0]) == pytest.approx(152.4)


def test_moisture_is_never_assumed() -> None:
    with pytest.raises(ValidationError):
        HortonParams.model_validate({})
    with pytest.raises(ValidationError):
        CurveNumberLossParams.model_validate({})


def test_wet_and_dry_numbers_are_the_table_s() -> None:
    """NEH-4's table gives 63 and 91 for 80, 40 and 78 for 60: the formulas meet it to a number or two."""
    for number, dry, wet in ((80.0, 63.0, 91.0), (60.0, 40.0, 78.0)):
        for moisture, want in (("I", dry), ("III", wet)):
            p = CurveNumberLossParams.model_validate({"moisture": moisture})
            given = xr.DataArray([[number]], dims=("y", "x"))
            made = curve_number_loss(curve_number=given, antecedent_moisture=fact("antecedent_moisture"), p=p)
            found = 25400.0 / (float(made.potential_retention[0, 0]) + 254.0)
            assert found == pytest.approx(want, abs=2.0)


def lawn() -> dict[str, dict[str, Any]]:
    """Return the layers of a lawn on silt loam by each method, in ordinary moisture."""
    codes = xr.full_like(CODES, 30)
    empty = xr.zeros_like(codes, dtype=float)
    rows = (
        "green_ampt",
        "initial_saturation",
        "pervious_share",
        "depression_storage",
        "facility_storage",
        "paving_run_on",
    )
    ground = soil(
        land_cover=codes, permeable_paving=empty, rain_garden=empty, p=SoilParams(soil_group="B"),
        **{name: fact(name) for name in rows},  # type: ignore[arg-type]  # (by name)
    )  # fmt: skip
    worn = taken(codes, moisture="drained")
    loss = curve_number_loss(
        curve_number=xr.full_like(codes, 69.0, dtype=float),
        antecedent_moisture=fact("antecedent_moisture"),
        p=CurveNumberLossParams(moisture="II"),
    )
    made = {"Green-Ampt": ground[:3], "Horton": worn, "curve number": loss}
    names = {"Green-Ampt": ground._fields[:3], "Horton": worn._fields, "curve number": loss._fields}
    return {
        method: {name: plane(SHAPE, float(layer[0, 0])) for name, layer in zip(names[method], layers, strict=True)}
        for method, layers in made.items()
    }


def storm(step: float = 5.0) -> pd.Series:
    p = DesignStormParams(step=step)
    return design_storm(
        return_period=20.0, storm_duration=120.0, storm_formula=fact("storm_formula"), p=p
    ).rain_intensity


def test_saturation_of_the_study_wins() -> None:
    codes = xr.full_like(CODES, 30)
    empty = xr.zeros_like(codes, dtype=float)
    rows = (
        "green_ampt",
        "initial_saturation",
        "pervious_share",
        "depression_storage",
        "facility_storage",
        "paving_run_on",
    )
    words: dict[str, Any] = {"land_cover": codes, "permeable_paving": empty, "rain_garden": empty}
    words |= {name: fact(name) for name in rows}
    usual = soil(p=SoilParams(soil_group="B"), **words).moisture_deficit
    wet = soil(p=SoilParams(soil_group="B", saturation=1.0), **words).moisture_deficit
    dry = soil(p=SoilParams(soil_group="B", saturation=0.0), **words).moisture_deficit
    assert float(wet.max()) == 0.0
    np.testing.assert_allclose(dry, 2.0 * usual)


def test_figure(figure: Callable[[str], Path]) -> None:
    falling = storm()
    ends = np.arange(10.0, 181.0, 10.0) * 60.0
    picture, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
    fallen = np.concatenate([[0.0], np.cumsum(falling.to_numpy() * 5.0 / 60.0)])
    left.plot(np.arange(len(fallen)) * 5.0, fallen, color="black", label=f"rain: {fallen[-1]:.0f} mm")
    for method, layers in lawn().items():
        gone = [0.0]
        for until in ends:
            found = run(plane(SHAPE, 0.0), falling=falling, duration=until, **layers, **CLOSED)
            gone.append(found.infiltration_volume / (25.0 * 9.0) * 1000.0)
        assert 0.0 < gone[-1] < fallen[-1]
        assert np.diff(gone).min() >= -1e-9
        left.plot(np.concatenate([[0.0], ends / 60.0]), gone, label=f"{method}: {gone[-1]:.0f} mm")
    left.set(xlabel="time [min]", ylabel="depth [mm]", title="What a lawn takes (group B, water left standing)")
    left.set_ylim(0.0, 1.5 * fallen[-1])
    left.legend()
    hours = np.linspace(0.0, 2.0, 200)
    for moisture in ("dry", "partly_dry", "drained", "saturated"):
        layer = taken(xr.full_like(CODES, 30), moisture=moisture)
        first, last, k = (float(each[0, 0]) for each in layer)
        right.plot(hours * 60.0, last + (first - last) * np.exp(-k * hours), label=moisture)
    right.set(xlabel="time [min]", ylabel="infiltration rate [mm/h]", title="Horton, by moisture before the event")
    right.legend()
    picture.savefig(figure("resilience.horton"), dpi=110)
    plt.close(picture)


def test_figure_of_losses(figure: Callable[[str], Path]) -> None:
    falling = storm()
    fallen = np.concatenate([[0.0], np.cumsum(falling.to_numpy() * 5.0 / 60.0)])
    picture, axis = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
    axis.plot(np.arange(len(fallen)) * 5.0, fallen, color="black", label=f"rain: {fallen[-1]:.0f} mm")
    last = 0.0
    for moisture in ("I", "II", "III"):
        loss = curve_number_loss(
            curve_number=xr.DataArray([[69.0]], dims=("y", "x")),
            antecedent_moisture=fact("antecedent_moisture"),
            p=CurveNumberLossParams.model_validate({"moisture": moisture}),
        )
        kept, held = (float(each[0, 0]) for each in loss)
        beyond = np.clip(fallen - held, 0.0, None)
        shed = beyond**2 / (beyond + kept)
        assert shed[-1] > last
        last = float(shed[-1])
        axis.plot(np.arange(len(fallen)) * 5.0, shed, label=f"runoff, moisture {moisture}: {shed[-1]:.0f} mm")
    axis.set(xlabel="time [min]", ylabel="depth [mm]", title="Curve number 69 in a storm of 20 years")
    axis.legend()
    picture.savefig(figure("resilience.curve_number_loss"), dpi=110)
    plt.close(picture)
