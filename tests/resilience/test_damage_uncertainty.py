"""Uncertainty of damage: nothing varies without spread, Sobol indices of a known function, the fit's own error."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, Resolved, resolve
from citybraid.resilience.damage.damage_draws import DamageDraws, DamageDrawsParams, damage_draws, response
from citybraid.resilience.damage.damage_spread import (
    DamageFactors,
    DrawParams,
    independent,
    rows_without_spread,
    sample,
    sobol_indices,
    sources,
)
from citybraid.resilience.damage.damage_uncertainty import DamageUncertaintyParams, damage_uncertainty
from citybraid.resilience.damage.flood_damage import FloodDamageParams, flood_damage
from tests.resilience.ensemble import all_facts, certain, depth_at, ensemble, facts, houses

HOUSES = houses()


def draws(told: dict[str, Any], members: Any = None, *, warning_time: float | None = None, **words: Any) -> DamageDraws:
    p = DamageDrawsParams.model_validate({"draws": 64, **words})
    return damage_draws(buildings=HOUSES, **(members or ensemble(HOUSES)), **told, p=p, warning_time=warning_time)


def plain_damage(warning: float | None = None) -> float:
    table = HOUSES.assign(building_depth=depth_at(1.0, 0.5, HOUSES))
    names = ("damage_share", "damage_sector", "damage_value", "damage_price", "contents_share", "warning")
    told: dict[str, Any] = {f"flood_{name}": resolve(f"flood_{name}", region="CN-ZJ") for name in names}
    told["ground_floor_height"] = resolve("ground_floor_height", region="CN-ZJ")
    found = flood_damage(buildings=table, **told, p=FloodDamageParams(), warning_time=warning)
    return float(found.building_damage.sum())


def test_without_spread_only_the_fit_is_left() -> None:
    same = ensemble(HOUSES)
    assert draws(certain(all_facts()), same).emulator_error > 0.0
    same["member_depths"].update({name: depth_at(1.0, 0.5, HOUSES) for name in same["member_depths"]})
    found = draws(certain(all_facts()), same)
    assert found.emulator_error == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(found.damage_draws, plain_damage(), rtol=1e-9)
    warned = draws(certain(all_facts()), same, warning_time=2.0)
    np.testing.assert_allclose(warned.damage_draws, plain_damage(2.0), rtol=1e-9)
    half = damage_draws(
        buildings=HOUSES.assign(prepared_share=0.5), **same, **certain(all_facts()), p=DamageDrawsParams(draws=64),
        warning_time=2.0,
    )  # fmt: skip
    np.testing.assert_allclose(half.damage_draws, (plain_damage() + plain_damage(2.0)) / 2, rtol=1e-9)
    assert plain_damage(2.0) < plain_damage()


def test_the_fit_is_near_the_floods_and_says_how_near() -> None:
    told = certain(all_facts())
    found = draws(told)
    middle = float(found.damage_draws.median())
    assert middle == pytest.approx(plain_damage(), rel=0.05)
    assert 1e-4 < found.emulator_error < 0.2


def test_error_of_a_quadratic_is_none_and_of_noise_is_that_noise() -> None:
    chance = np.random.default_rng(5)
    at = chance.random((40, 2))
    exact = 100.0 + 20.0 * at[:, :1] - 3.0 * at[:, 1:] ** 2 + at[:, :1] * at[:, 1:]
    one = np.ones(1)
    assert response(at, {"s": exact}, {"s": one}).error == pytest.approx(0.0, abs=1e-9)
    noisy = exact + chance.normal(0.0, 5.0, exact.shape)
    assert response(at, {"s": noisy}, {"s": one}).error == pytest.approx(5.0 / noisy.mean(), rel=0.35)


def test_left_out_error_equals_refitting_without_each_run() -> None:
    chance = np.random.default_rng(6)
    at, damage = chance.random((12, 2)), chance.lognormal(3.0, 0.4, (12, 1))
    found = response(at, {"s": damage}, {"s": np.ones(1)}).error
    middle, half = at.mean(axis=0), np.ptp(at, axis=0) / 2
    x, y = ((at - middle) / half).T
    terms = np.stack([np.ones(12), x, y, x * x, x * y, y * y], axis=1)
    errors = []
    for left in range(12):
        kept = np.arange(12) != left
        fit = np.linalg.lstsq(terms[kept], damage[kept, 0], rcond=None)[0]
        errors.append(damage[left, 0] - terms[left] @ fit)
    assert found == pytest.approx(np.sqrt(np.mean(np.square(errors))) / damage.mean(), rel=1e-6)


def test_sobol_indices_of_a_known_function() -> None:
    names = ("rain", "roughness", "emulator")
    p = DrawParams(draws=2048)
    told = {"flood_rain_spread": spread("flood_rain_spread", "depth"), "manning_n": spread("manning_n", "paved")}
    bare = certain(facts()) | told
    drawn = sample(DamageFactors(*bare.values()), p)
    assert drawn.names == names
    x, y, _ = (drawn.levels - 0.5).T
    first, total = sobol_indices(names, 4.0 * x + 2.0 * y, p)
    np.testing.assert_allclose(first, [0.8, 0.2, 0.0], atol=0.01)
    np.testing.assert_allclose(total, [0.8, 0.2, 0.0], atol=0.01)
    flat_first, flat_total = sobol_indices(names, np.ones(len(x)), p)
    assert np.isnan(flat_first).all()
    assert np.isnan(flat_total).all()


def spread(name: str, key: str) -> Resolved:
    return Resolved(name, [Factor(name, key, 1.0, "1", "user", low=0.9, high=1.1, distribution="uniform")], 2025)


def test_what_is_varied_and_what_is_not_is_named() -> None:
    shipped = DamageFactors(*facts().values())
    assert sources(shipped) == (
        "rain", "roughness", "floor", "curve/commercial", "curve/industrial", "curve/residential", "value/residential",
        "value/commercial", "value/industrial", "price/price_level", "emulator",
    )  # fmt: skip
    missing = rows_without_spread(shipped)
    assert {"flood_damage_price: currency", "manning_n: paved"} <= set(missing)
    assert not [name for name in missing if name.startswith("flood_damage_value")]
    assert not [name for name in missing if name.startswith("flood_damage_share")]
    assert sources(DamageFactors(*certain(facts()).values())) == ("emulator",)


def test_independent_rows_are_the_first_and_last_of_each_block() -> None:
    assert independent(10, 3).tolist() == [True, False, False, False, True] * 2


def test_refusals() -> None:
    few = {name: dict(list(found.items())[:7]) for name, found in ensemble(HOUSES).items()}
    with pytest.raises(InputError) as caught:
        draws(all_facts(), few)
    assert "7" in caught.value.say("zh")
    found = draws(all_facts())
    with pytest.raises(InputError) as caught:
        annual({"a": found.damage_draws}, draws=128)
    assert "a" in caught.value.say("en")


def annual(columns: dict[str, pd.Series], **words: Any) -> Any:
    p = DamageUncertaintyParams.model_validate({"draws": 64, **words})
    periods = {event: 10.0 * (number + 1) for number, event in enumerate(columns)}
    return damage_uncertainty(draws=columns, return_periods=periods, **facts(), p=p)


def test_the_rain_of_the_ensemble_is_found_to_matter() -> None:
    found = draws(all_facts(), draws=256)
    told = annual({"a": found.damage_draws * 0.4, "b": found.damage_draws}, draws=256)
    assert told.spread_total["rain"] > 5 * told.spread_total["roughness"]
    assert told.spread_first.sum() == pytest.approx(1.0, abs=0.15)
    np.testing.assert_allclose(told.annual_damage_draws / found.damage_draws, 0.45 * 0.4 + 0.05 * 0.7 + 0.05, rtol=1e-9)


def test_figures(figure: Callable[[str], Path]) -> None:
    found = draws(all_facts(), draws=256)
    told = annual({"a": found.damage_draws * 0.4, "b": found.damage_draws}, draws=256)
    drawn = found.damage_draws[independent(len(found.damage_draws), len(told.spread_first))] / 1e6
    axes = plt.figure(figsize=(6.4, 3.8)).subplots()
    axes.hist(drawn, bins=40, color="#6f9fc8")
    for level, style in ((0.05, ":"), (0.5, "-"), (0.95, ":")):
        axes.axvline(float(drawn.quantile(level)), color="#1f3b57", linestyle=style)
    axes.axvline(plain_damage() / 1e6, color="#c0392b", label="middle of every factor")
    axes.set(xlabel="damage of the event [million CNY]", ylabel="draws")
    axes.set_title(f"{len(drawn)} draws; fit off by {100 * found.emulator_error:.1f} % at runs left out", fontsize=11)
    axes.legend()
    plt.savefig(figure("resilience.damage_draws"), dpi=110, bbox_inches="tight")
    axes = plt.figure(figsize=(6.4, 3.8), layout="constrained").subplots()
    place = np.arange(len(told.spread_first))
    axes.barh(place + 0.2, told.spread_total, 0.38, color="#1f3b57", label="with all it acts together with")
    axes.barh(place - 0.2, told.spread_first, 0.38, color="#8fb3d1", label="alone")
    axes.set_yticks(place, list(told.spread_first.index))
    axes.set(xlabel="share of the variance", title="What the damage of an average year varies by")
    axes.legend()
    plt.savefig(figure("resilience.damage_uncertainty"), dpi=110, bbox_inches="tight")
    plt.close("all")
