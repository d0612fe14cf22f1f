"""Design storms: the hyetograph adds up to the formula, peaks where it should, and says what is missing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.resilience.rain.design_storm import DesignStormParams, depth, design_storm

SUZHOU = {"A": 17.969, "C": 1.24, "b": 18.415, "n": 0.785, "r": 0.43}


def storm(period: float = 10.0, minutes: float = 120.0, formula: object = None, **words: Any) -> pd.Series:
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


@pytest.mark.parametrize("shape", ["chicago", "alternating_block", "uniform", "profile"])
@pytest.mark.parametrize("step", [1.0, 5.0, 20.0])
def test_every_shape_has_the_formula_s_depth(shape: str, step: float) -> None:
    found = storm(shape=shape, step=step, profile=(0.1, 0.5, 0.15, 0.25))
    want = float(depth(np.array(120.0), SUZHOU, period=10.0))
    assert found.sum() * step / 60.0 == pytest.approx(want, rel=1e-9)
    assert (found >= 0.0).all()


def test_blocks_alternate_around_the_peak() -> None:
    """Blocks of 20 min by hand: D(20k) - D(20k - 20), the greatest at place int(0.43 x 6) = 2, next after it."""
    fallen = depth(np.linspace(0.0, 120.0, 7), SUZHOU, period=10.0)
    first, second, third, fourth, fifth, sixth = np.diff(fallen)
    want = np.array([fifth, third, first, second, fourth, sixth]) * 3.0
    np.testing.assert_allclose(storm(shape="alternating_block", step=20.0), want, rtol=1e-12)
    for r, place in ((0.0, 0), (1.0, 5)):
        found = storm(formula={**SUZHOU, "r": r}, shape="alternating_block", step=20.0)
        assert found.to_numpy().argmax() == place


def test_a_uniform_storm_needs_no_peak_ratio() -> None:
    formula = {name: value for name, value in SUZHOU.items() if name != "r"}
    found = storm(formula=formula, shape="uniform")
    np.testing.assert_allclose(found, found.mean(), rtol=1e-12)


def test_a_profile_is_followed_part_by_part() -> None:
    found = storm(shape="profile", profile=(0.1, 0.5, 0.15, 0.25), step=10.0).to_numpy()
    np.testing.assert_allclose(found.reshape(4, 3).sum(axis=1) / found.sum(), [0.1, 0.5, 0.15, 0.25], rtol=1e-12)
    third = storm(shape="profile", profile=(0.25, 0.5, 0.25), step=60.0).to_numpy()
    np.testing.assert_allclose(third / third.sum(), [0.5, 0.5], rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("storm.profile_missing", ()),
        ("storm.profile_negative", (0.6, -0.1, 0.5)),
        ("storm.profile_sum", (0.3, 0.3, 0.3)),
    ],
)
def test_refuses_a_profile(text: str, profile: tuple[float, ...]) -> None:
    with pytest.raises(InputError) as told:
        storm(shape="profile", profile=profile)
    assert told.value.text == text


def ranged(period: float, minutes: float, limits: object = None, **words: object) -> pd.Series:
    limits = shipped().resolve("storm_range", region="CN-SH", year=2025) if limits is None else limits
    return design_storm(
        return_period=period,
        storm_duration=minutes,
        storm_formula=SUZHOU,
        storm_range=limits,  # type: ignore[arg-type]
        p=DesignStormParams(**words),  # type: ignore[arg-type]
    ).rain_intensity


def test_a_storm_beyond_the_formula_s_range_is_said_on_purpose() -> None:
    assert len(ranged(50.0, 180.0))
    with pytest.raises(InputError) as told:
        ranged(50.0, 240.0)
    assert told.value.text == "storm.beyond"
    assert len(ranged(50.0, 240.0, beyond=True))
    with pytest.raises(InputError):
        ranged(500.0, 60.0, {"return_period_to": 100.0})


def test_climate_of_one_storm_or_of_all() -> None:
    words: dict[str, Any] = {"return_period": 10.0, "storm_duration": 120.0, "storm_formula": SUZHOU}
    one = design_storm(climate_factor=1.2, p=DesignStormParams(), **words).rain_intensity
    np.testing.assert_allclose(one, 1.2 * storm())
    with pytest.raises(InputError) as told:
        design_storm(climate_factor=1.2, p=DesignStormParams(climate_factor=1.1), **words)
    assert told.value.text == "storm.two_climates"


def test_areal_reduction_scales_all() -> None:
    np.testing.assert_allclose(storm(areal_reduction=0.9), 0.9 * storm())


def test_figure(figure: Callable[[str], Path]) -> None:
    picture, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    for region, place in (("CN-JS-SZ", "Suzhou"), ("CN-SH", "Shanghai"), ("CN-SN-XA", "Xi'an (Fengxi)")):
        formula = shipped().resolve("storm_formula", region=region, year=2025)
        found = storm(20.0, 180.0, formula)
        total = found.sum() * 5 / 60
        left.step(found.index * 60, found, where="post", label=f"{place}: {total:.0f} mm")
        assert total > 50.0
    left.set(xlabel="time [min]", ylabel="intensity [mm/h]", title="Chicago storms of 20 years, 180 min")
    left.legend()
    shapes = (("chicago", "Chicago"), ("alternating_block", "alternating block"), ("uniform", "uniform"))
    peaks = []
    for shape, name in (*shapes, ("profile", "profile .1 .2 .4 .2 .1")):
        found = storm(20.0, 120.0, shape=shape, profile=(0.1, 0.2, 0.4, 0.2, 0.1))
        peaks.append(found.max())
        right.step([*found.index * 60, 120.0], [*found, found.iloc[-1]], where="post", label=name)
    assert peaks[0] == pytest.approx(peaks[1], rel=0.1)
    assert peaks[2] == min(peaks)
    right.set(
        xlabel="time [min]", ylabel="intensity [mm/h]", title="Suzhou, 20 years, 120 min: four shapes of one depth"
    )
    right.legend()
    picture.savefig(figure("resilience.design_storm"), dpi=110)
    plt.close(picture)
