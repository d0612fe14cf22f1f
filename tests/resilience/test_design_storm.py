"""Design storms: the hyetograph adds up to the formula, peaks where it should, and says what is missing."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.resilience.design_storm import DesignStormParams, depth, design_storm

SUZHOU = {"A": 17.969, "C": 1.24, "b": 18.415, "n": 0.785, "r": 0.43}


def storm(period: float = 10.0, minutes: float = 120.0, formula: object = None, **words: float) -> pd.Series:
    return design_storm(
        return_period=period,
        storm_duration=minutes,
        storm_formula=SUZHOU if formula is None else formula,  # type: ignore[arg-type]
        p=DesignStormParams(**words),
    ).rain_intensity


@pytest.mark.parametrize("minutes", [30.0, 60.0, 120.0, 180.0])
@pytest.mark.parametrize("step", [0.5, 1.0, 5.0, 10.0])
def test_sum_is_the_formula_s_depth(minutes: float, step: float) -> None:
    want = 17.969 * (1 + 1.24) * minutes / (minutes + 18.415) ** 0.785
    assert storm(10.0, minutes, step=step).sum() * step / 60 == pytest.approx(want, rel=1e-9)


def test_curve_is_keifer_and_chu_s() -> None:
    """Short steps approach i = a ((1 - n) t / r + b) / (t / r + b)^(1 + n) before the peak."""
    fine = storm(10.0, 120.0, step=0.01)
    a, b, n, r = 17.969 * 2.24, 18.415, 0.785, 0.43
    peak = r * 120.0
    time = fine.index.to_numpy() * 60 + 0.005
    before = time < peak
    limb = np.where(before, (peak - time) / r, (time - peak) / (1 - r))
    want = a * ((1 - n) * limb + b) / (limb + b) ** (1 + n) * 60
    away = np.abs(time - peak) > 0.02
    np.testing.assert_allclose(fine.to_numpy()[away], want[away], rtol=1e-5)


def test_any_window_around_the_peak_is_the_formula_s() -> None:
    fine = storm(10.0, 120.0, step=0.6)
    time = fine.index.to_numpy() * 60
    window = (time >= 0.43 * 60 - 1e-9) & (time < 0.43 * 60 + 60 - 1e-9)
    assert window.sum() == 100
    found = fine[(time >= 51.6 - 0.43 * 60 - 1e-9) & (time < 51.6 + 0.57 * 60 - 1e-9)].sum() * 0.6 / 60
    assert found == pytest.approx(float(depth(np.array(60.0), SUZHOU, period=10.0)), rel=1e-9)


def test_climate_factor_scales_all() -> None:
    np.testing.assert_allclose(storm(climate_factor=1.2), 1.2 * storm())


@pytest.mark.parametrize("r", [0.0, 1.0])
def test_peak_at_an_end(r: float) -> None:
    found = storm(formula={**SUZHOU, "r": r})
    assert found.to_numpy().argmax() == (0 if r == 0.0 else len(found) - 1)
    assert found.sum() == pytest.approx(storm().sum(), rel=1e-9)


def test_refuses_a_broken_step() -> None:
    with pytest.raises(InputError) as told:
        storm(minutes=62.0, step=5.0)
    assert told.value.text == "storm.step"


def test_asks_for_the_peak_where_a_region_has_none() -> None:
    with pytest.raises(InputError) as told:
        storm(formula=shipped().resolve("storm_formula", region="CN-FJ-XM", year=2025))
    assert told.value.text == "factor.key_missing"


def test_no_formula_for_a_region_without_rows() -> None:
    with pytest.raises(InputError) as told:
        shipped().resolve("storm_formula", region="CN-ZJ-JX", year=2025)
    assert told.value.text == "factor.missing"


def test_figure(figure: Callable[[str], Path]) -> None:
    picture, axis = plt.subplots(figsize=(7, 3.6), layout="constrained")
    for region, place in (("CN-JS-SZ", "Suzhou"), ("CN-SH", "Shanghai"), ("CN-SN-XA", "Xi'an (Fengxi)")):
        formula = shipped().resolve("storm_formula", region=region, year=2025)
        found = storm(20.0, 180.0, formula)
        total = found.sum() * 5 / 60
        axis.step(found.index * 60, found, where="post", label=f"{place}: {total:.0f} mm")
        assert total > 50.0
    axis.set(xlabel="time [min]", ylabel="intensity [mm/h]", title="Storms of 20 years, 180 min")
    axis.legend()
    picture.savefig(figure("resilience.design_storm"), dpi=110)
    plt.close(picture)
