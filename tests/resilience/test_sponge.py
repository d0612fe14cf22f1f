"""Sponge city: the rain curve, the rate that plots reach, the storage they need."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.resilience.sponge.annual_runoff_control import (
    AnnualRunoffControl,
    AnnualRunoffControlParams,
    annual_runoff_control,
)
from citybraid.resilience.sponge.control_curve import curve_from_days, curve_from_pairs, daily_rain_depths
from citybraid.resilience.sponge.parcel_storage import parcel_storage
from tests.resilience.sponge_town import COVER, GRID, RAIN, layer, parcels, town

FACTS = {
    name: shipped().resolve(fact, region="CN-SH", year=2025)
    for name, fact in (
        ("coefficient", "runoff_coefficient"),
        ("facility_storage", "facility_storage"),
        ("threshold", "sponge_rain_threshold"),
        ("design_rain", "sponge_design_rain"),
    )
}
BUILT, PARK, STREET, POND = (0, 0), (0, 2), (0, 5), (2, 4)


def control(p: AnnualRunoffControlParams | None = None, **words: Any) -> AnnualRunoffControl:
    given = {"parcels": parcels(), "daily_rain": RAIN, **words}
    return annual_runoff_control(**town(**{**FACTS, **given}), p=p or AnnualRunoffControlParams())


def test_curve_by_hand() -> None:
    curve = curve_from_days(np.array([10.0, 1.0, 2.0, 4.0, np.nan, 6.0]), least=2.0)
    assert list(curve.depth) == [0.0, 4.0, 6.0, 10.0]
    assert curve.share_at(np.array([2.0, 4.0, 6.0, 10.0, 99.0])) == pytest.approx([0.3, 0.6, 0.8, 1.0, 1.0])
    assert curve.depth_for(np.array([0.3, 0.7, 1.0])) == pytest.approx([2.0, 5.0, 10.0])


def test_days_of_hours() -> None:
    hours = pd.Series(np.full(72, 0.5), index=np.arange(72.0))
    hours.iloc[:6] = np.nan
    hours.iloc[24:31] = np.nan
    found = daily_rain_depths(hours)
    assert found[0] == 9.0
    assert np.isnan(found[1])
    assert found[2] == 12.0


@pytest.mark.parametrize("step", [5.0, 48.0])
def test_record_of_odd_steps_is_refused(step: float) -> None:
    with pytest.raises(InputError) as told:
        daily_rain_depths(pd.Series([1.0, 2.0], index=[0.0, step]))
    assert told.value.text == "sponge.record"


def test_record_without_rain_is_refused() -> None:
    with pytest.raises(InputError) as told:
        control(daily_rain=RAIN.clip(upper=2.0))
    assert told.value.text == "sponge.no_rain"


def test_published_pairs_are_on_the_low_side_between_points() -> None:
    curve = curve_from_pairs(FACTS["design_rain"])
    assert curve.share_at(np.array([26.7]))[0] == pytest.approx(0.8)
    assert curve.share_at(np.array([99.0]))[0] == pytest.approx(0.85)
    assert np.isnan(curve.depth_for(np.array([0.9]))[0])
    assert curve_from_pairs({"75": 20.0}).share_at(np.array([10.0]))[0] == pytest.approx(0.375)


@pytest.mark.parametrize(
    ("pairs", "text"),
    [({}, "sponge.no_pairs"), ({"70": 20.0, "80": 20.0}, "sponge.pairs"), ({"110": 5.0}, "sponge.pairs")],
)
def test_pairs_that_cannot_be_used_are_refused(pairs: dict[str, float], text: str) -> None:
    with pytest.raises(InputError) as told:
        curve_from_pairs(pairs)
    assert told.value.text == text


def test_ground_without_facilities() -> None:
    found = control().annual_runoff_control
    assert found[PARK] == pytest.approx(0.85)
    assert found[STREET] == 0.0
    assert found[BUILT] == pytest.approx(2 / 8 * 0.85)
    assert np.isnan(found[POND])


def test_plot_of_the_composite_coefficient() -> None:
    """The parcel 'built': 6 of 8 cells sealed, storage V = 10 m3, so H = V / (psi F)."""
    found = control(parcels=parcels(detention_storage=[10.0, np.nan]))
    psi = (6 * 0.85 + 2 * 0.15) / 8
    assert found.runoff_coefficient[BUILT] == pytest.approx(0.85)
    assert found.sponge_storage[BUILT] == pytest.approx(10.0 / 800 * 1000)
    curve = curve_from_days(daily_rain_depths(RAIN), least=2.0)
    whole = float(curve.share_at(np.array(12.5 / psi)))
    apart = 6 / 8 * float(curve.share_at(np.array(12.5 / (6 / 8 * 0.85)))) + 2 / 8 * 0.85
    assert found.annual_runoff_control[BUILT] == pytest.approx(max(whole, apart))
    assert apart > whole


def test_required_storage_is_that_of_the_guide() -> None:
    """W = 10 psi H F [m3], F in hectares."""
    asked = parcels(planned_runoff_control=[0.8, np.nan])
    found = control(AnnualRunoffControlParams(daily_rain="published", target=0.75), parcels=asked, daily_rain=None)
    volumes = parcel_storage(
        required_storage=found.required_storage, sponge_storage=found.sponge_storage, parcels=asked, grid=GRID
    )
    psi = (6 * 0.85 + 2 * 0.15) / 8
    assert volumes.required_volume["built"] == pytest.approx(10 * psi * 26.7 * 0.08)
    assert volumes.required_volume["park"] == pytest.approx(10 * 0.15 * 22.2 * 0.08)
    assert volumes.storage_shortfall["built"] == pytest.approx(volumes.required_volume["built"])
    assert volumes.sponge_volume["built"] == 0.0


def test_nothing_is_required_where_nothing_is_asked() -> None:
    found = control()
    assert np.isnan(found.required_storage).all()
    volumes = parcel_storage(
        required_storage=found.required_storage, sponge_storage=found.sponge_storage, parcels=parcels(), grid=GRID
    )
    assert volumes.required_volume.isna().all()


def test_storage_that_is_required_reaches_the_rate_asked_for() -> None:
    needed = control(AnnualRunoffControlParams(target=0.7)).required_storage
    volume = float(needed[BUILT]) * 800 / 1000
    found = control(parcels=parcels(detention_storage=[volume, 0.0]))
    assert float(found.annual_runoff_control[BUILT]) >= 0.7 - 1e-9


def test_paving_and_roofs_count_in_the_coefficient_only() -> None:
    paved = np.where(COVER == 50, 1.0, 0.0)
    roofs = np.where(COVER == 52, 1.0, 0.0)
    found = control(permeable_paving=layer(paved), green_roof_cover=layer(roofs))
    assert found.sponge_storage[BUILT] == 0.0
    assert found.runoff_coefficient[1, 0] == pytest.approx(0.2)
    assert found.annual_runoff_control[BUILT] == pytest.approx((3 * 0.8 + 3 * 0.65 + 2 * 0.85) / 8)


def test_cells_outside_parcels_stand_alone() -> None:
    garden = np.zeros(COVER.shape)
    garden[0, 5] = 0.1
    found = control(rain_garden=layer(garden), parcels=None)
    assert found.sponge_storage[0, 5] == pytest.approx(25.0)
    assert found.annual_runoff_control[0, 5] > 0.5
    assert found.annual_runoff_control[1, 5] == 0.0


def test_neither_record_nor_pairs() -> None:
    with pytest.raises(InputError) as told:
        control(AnnualRunoffControlParams(daily_rain="published"), daily_rain=None, design_rain=None)
    assert told.value.text == "sponge.no_pairs"


def test_figure(figure: Callable[[str], Path]) -> None:
    picture, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    depth = np.linspace(0.0, 60.0, 121)
    for region, place in (("CN-SH", "Shanghai"), ("CN-BJ", "Beijing"), ("CN-GD-GZ", "Guangzhou")):
        curve = curve_from_pairs(shipped().resolve("sponge_design_rain", region=region, year=2025))
        axes[0].plot(curve.depth, 100 * curve.share, "o-", label=f"{place}, published pairs", markersize=3)
    made = curve_from_days(np.random.default_rng(1).gamma(0.6, 14.0, 3000), least=2.0)
    axes[0].plot(depth, 100 * made.share_at(depth), "k", label="a made record of days")
    axes[0].set(xlabel="rain held of each event [mm]", ylabel="share of all rain held [%]", title="Design rain")
    axes[0].legend(fontsize=7)
    gardens = np.linspace(0.0, 0.3, 31)
    rates = [
        float(control(rain_garden=layer(np.where(COVER == 30, each, 0.0))).annual_runoff_control[BUILT])
        for each in gardens
    ]
    axes[1].plot(100 * gardens, 100 * np.array(rates))
    axes[1].set(
        xlabel="rain garden on the parcel's grass [%]", ylabel="control rate [%]", title="A parcel of 6/8 sealed ground"
    )
    assert np.diff(rates).min() >= 0.0
    picture.savefig(figure("resilience.annual_runoff_control"), dpi=110)
    plt.close(picture)


def test_figure_of_volumes(figure: Callable[[str], Path]) -> None:
    targets = np.linspace(0.6, 0.85, 6)
    asked = parcels(detention_storage=[8.0, np.nan])
    columns = []
    for target in targets:
        found = control(AnnualRunoffControlParams(target=float(target)), parcels=asked)
        columns.append(
            parcel_storage(
                required_storage=found.required_storage, sponge_storage=found.sponge_storage, parcels=asked, grid=GRID
            )
        )
    picture, axis = plt.subplots(figsize=(6, 3.4), layout="constrained")
    needed = [float(each.required_volume["built"]) for each in columns]
    axis.plot(100 * targets, needed, "o-", label="required")
    axis.plot(100 * targets, [float(each.storage_shortfall["built"]) for each in columns], "s--", label="lacking")
    axis.set(xlabel="control rate asked for [%]", ylabel="storage [m³]", title="A parcel of 800 m² with a tank of 8 m³")
    axis.legend()
    assert np.diff(needed).min() > 0.0
    picture.savefig(figure("resilience.parcel_storage"), dpi=110)
    plt.close(picture)
