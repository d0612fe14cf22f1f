"""Storage followed through the years: by hand, against sorted days, and by what it takes in and lets go."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.kernels.flood.plot_storage import storage_overflow
from citybraid.resilience.sponge.annual_runoff_control import (
    AnnualRunoffControlParams,
    annual_runoff_control,
)
from citybraid.resilience.sponge.continuous_runoff_control import (
    ContinuousRunoffControl,
    ContinuousRunoffControlParams,
    continuous_runoff_control,
    steps,
)
from tests.resilience.sponge_town import COVER, RAIN, layer, parcels, town

NAMES = {
    "coefficient": "runoff_coefficient",
    "facility_storage": "facility_storage",
    "threshold": "sponge_rain_threshold",
    "green_ampt": "green_ampt",
    "emptying_time": "storage_emptying_time",
    "rain_duration": "rain_duration",
}
FACTS = {word: shipped().resolve(fact, region="CN-SH", year=2025) for word, fact in NAMES.items()}
BUILT, PARK, STREET, POND = (0, 0), (0, 2), (0, 5), (2, 4)


def control(
    p: ContinuousRunoffControlParams | None = None, *, rain: pd.Series = RAIN, **words: Any
) -> ContinuousRunoffControl:
    place = town(**{"parcels": parcels(), "daily_rain": rain, **{k: FACTS[k] for k in NAMES}, **words})
    only = ("threshold", "soil_group", "green_ampt", "emptying_time", "rain_duration")
    sorted_days = annual_runoff_control(
        **{word: value for word, value in place.items() if word not in only[1:]}, p=AnnualRunoffControlParams()
    )
    del place["threshold"]
    return continuous_runoff_control(
        **place,
        annual_runoff_control=sorted_days.annual_runoff_control,
        p=p or ContinuousRunoffControlParams(soil_group="C"),
    )


def test_storage_by_hand() -> None:
    room, rate, share = (np.array([value]) for value in (10.0, 1.0, 0.5))
    lost = storage_overflow(np.array([20.0, 18.0, 2.0]), np.full(3, 4.0), np.array([2.0, 20.0, 0.0]), room, rate, share)
    # 10 - 4 = 6 held, 4 after the dry hours; 4 + 9 - 4 = 9; then empty; 1 - 4 leaves nothing
    assert lost[0] == 0.0
    lost = storage_overflow(np.array([40.0, 18.0]), np.full(2, 4.0), np.array([2.0, 20.0]), room, rate, share)
    # 20 - 4 = 16 sheds 6; 10 - 2 = 8 held; 8 + 9 - 4 = 13 sheds 3
    assert lost[0] == 9.0


def test_wet_steps_of_days_and_of_hours() -> None:
    found = steps(RAIN, duration=7.0)
    assert list(found.rain) == [1.5, 3.0, 8.0, 20.0, 45.0, 12.0, 2.0, 30.0]
    assert list(found.wet) == [7.0] * 8
    assert list(found.dry) == [17.0, 17.0, 41.0, 17.0, 17.0, 17.0, 17.0, 17.0]
    hours = pd.Series([0.0, 2.0, np.nan, 1.0] + [0.0] * 20, index=np.arange(24.0))
    found = steps(hours, duration=7.0)
    assert list(found.wet) == [1.0, 1.0]
    assert list(found.dry) == [1.0, 20.0]


def test_ground_without_facilities_has_the_rate_of_sorted_days() -> None:
    found = control(ContinuousRunoffControlParams())
    assert found.continuous_runoff_control[PARK] == pytest.approx(0.85)
    assert found.continuous_runoff_control[STREET] == 0.0
    assert np.isnan(found.continuous_runoff_control[POND])
    assert np.nanmax(np.abs(found.control_rate_difference)) < 1e-12


def test_a_tank_by_an_hourly_balance() -> None:
    """The parcel 'built' with 10 m3: a balance in steps of a minute, written apart, gives the same share."""
    held, lost, total = 0.0, 0.0, 0.0
    capacity = 10.0 / 800.0 * 1000.0
    out = capacity / 24.0 / 60.0
    runoff = 6 / 8 * 0.85
    for day in RAIN:
        for minute in range(1440):
            inflow = runoff * day / 420.0 if minute < 420 else 0.0
            held = max(held + inflow - out, 0.0)
            lost += max(held - capacity, 0.0)
            held = min(held, capacity)
            total += inflow
    found = control(parcels=parcels(detention_storage=[10.0, np.nan]))
    want = 6 / 8 * (1.0 - lost / total) + 2 / 8 * 0.85
    assert float(found.continuous_runoff_control[BUILT]) == pytest.approx(want, abs=1e-9)


def test_storage_that_empties_at_once_has_at_least_the_rate_of_sorted_days() -> None:
    rain = RAIN.where(RAIN > 2.0, 0.0)
    asked = parcels(detention_storage=[10.0, np.nan])
    quick = control(rain=rain, parcels=asked, emptying_time={"": 15.0})
    assert float(quick.control_rate_difference[BUILT]) > 0.0
    slow = control(rain=rain, parcels=asked, emptying_time={"": 480.0})
    assert float(slow.control_rate_difference[BUILT]) < -0.1


def test_gardens_need_the_soil_and_seep_by_it() -> None:
    garden = layer(np.where(COVER == 30, 0.3, 0.0))
    with pytest.raises(InputError) as told:
        control(ContinuousRunoffControlParams(), rain_garden=garden)
    assert told.value.text == "soil.group_missing"
    rates = [
        float(
            control(ContinuousRunoffControlParams(soil_group=group), rain_garden=garden).continuous_runoff_control[
                BUILT
            ]
        )
        for group in ("A", "B", "C", "D")
    ]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > rates[3]
    drained = control(ContinuousRunoffControlParams(soil_group="D", underdrains=True), rain_garden=garden)
    assert float(drained.continuous_runoff_control[BUILT]) > rates[3]


def test_record_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(InputError) as told:
        steps(pd.Series([1.0, 2.0], index=[0.0, 5.0]), duration=7.0)
    assert told.value.text == "sponge.record"


def test_figure(figure: Callable[[str], Path]) -> None:
    rng = np.random.default_rng(3)
    spells = np.repeat(rng.random(1200) < 0.4, 3)
    made = pd.Series(np.where(spells & (rng.random(3600) < 0.7), rng.gamma(0.7, 16.0, 3600), 0.0))
    made.index = pd.Index(np.arange(3600) * 24.0)
    volumes = np.linspace(0.0, 30.0, 16)
    picture, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained", sharey=True)
    for hours, style in ((12.0, "C0-"), (24.0, "C1-"), (72.0, "C2-"), (240.0, "C3-")):
        every = [
            control(rain=made, parcels=parcels(detention_storage=[float(v), np.nan]), emptying_time={"": hours})
            for v in volumes
        ]
        followed = np.array([float(each.continuous_runoff_control[BUILT]) for each in every])
        axes[0].plot(volumes, 100 * followed, style, label=f"empties in {hours:g} h")
        assert np.diff(followed).min() >= -1e-12
    days = np.array([float((each.continuous_runoff_control - each.control_rate_difference)[BUILT]) for each in every])
    axes[0].plot(volumes, 100 * days, "k--", label="sorted days")
    axes[0].set(xlabel="tank of the parcel [m³]", ylabel="control rate [%]", title="A parcel of 800 m², made rain")
    axes[0].legend(fontsize=7)
    gardens = np.linspace(0.0, 0.3, 13)
    for group in ("A", "B", "C", "D"):
        p = ContinuousRunoffControlParams(soil_group=group)
        found = [control(p, rain=made, rain_garden=layer(np.where(COVER == 30, g, 0.0))) for g in gardens]
        rates = np.array([float(each.continuous_runoff_control[BUILT]) for each in found])
        axes[1].plot(100 * gardens, 100 * rates, label=f"soil {group}")
    days = np.array([float((e.continuous_runoff_control - e.control_rate_difference)[BUILT]) for e in found])
    axes[1].plot(100 * gardens, 100 * days, "k--", label="sorted days")
    axes[1].set(xlabel="rain garden on the parcel's grass [%]", title="Gardens that only seep")
    axes[1].legend(fontsize=7)
    picture.savefig(figure("resilience.continuous_runoff_control"), dpi=110)
    plt.close(picture)
