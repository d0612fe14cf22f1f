import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.embodied.life_cycle import LifeCycleParams, payback
from citybraid.lowcarbon.embodied.preconditions import standard_known
from citybraid.lowcarbon.embodied.renewed import to_standard
from tests.energy_year import energy, factors
from tests.life_cycles import judged, standing


def test_ten_years_of_an_old_stock_by_hand() -> None:
    """No building after 2015: a new one is the slab itself, run apart with the limits of GB 55015-2021 stated."""
    slabs = standing()
    anew = energy(slabs.assign(envelope_standard="gb55015"))
    yearly = 0.5 * slabs["electricity"] + 0.396 * slabs["district_heat"] + 0.2 * slabs["gas"]
    renewed = 0.5 * anew.electricity + 0.396 * anew.district_heat + 0.2 * anew.gas
    area, found = slabs["floor_area"], judged(slabs)
    assert found.keep_carbon.to_numpy() == pytest.approx(10 * yearly.to_numpy())
    assert found.retrofit_carbon.to_numpy() == pytest.approx((25 * area + 10 * renewed).to_numpy())
    assert found.rebuild_carbon.to_numpy() == pytest.approx((320 * area + 10 * renewed).to_numpy())
    assert found.renewed_saving.to_numpy() == pytest.approx((yearly - renewed).to_numpy())
    years = 25 * area / (yearly - renewed)
    assert found.retrofit_payback.to_numpy() == pytest.approx(years.where(years <= 10).to_numpy(), nan_ok=True)
    cheapest = np.where(10 * (yearly - renewed) > 25 * area, "retrofit", "keep")
    assert found.lowest_carbon.tolist() == cheapest.tolist()
    assert set(cheapest) == {"keep", "retrofit"}


def test_ten_years_of_a_cleaner_grid_summed_year_by_year() -> None:
    """A grid at 1 in 2020 and 0.5 from 2030 on: over 2025 to 2034 it is 0.75, 0.70 ... 0.50, 0.50 over 0.75."""
    slabs = standing()
    anew = energy(slabs.assign(envelope_standard="gb55015"))
    found = judged(slabs, path={"falling/2020": 1.0, "falling/2030": 0.5}, scenario="falling")
    index = [(1.0 - 0.05 * (year - 2020) if year < 2030 else 0.5) / 0.75 for year in range(2025, 2035)]
    kept = sum(
        0.5 * slabs["electricity"] * each + 0.396 * slabs["district_heat"] + 0.2 * slabs["gas"] for each in index
    )
    same = sum(0.5 * anew.electricity * each + 0.396 * anew.district_heat + 0.2 * anew.gas for each in index)
    area = slabs["floor_area"]
    assert sum(index) == pytest.approx(5.75 / 0.75)
    assert found.keep_carbon.to_numpy() == pytest.approx(np.asarray(kept))
    assert found.retrofit_carbon.to_numpy() == pytest.approx(np.asarray(same + 25 * area))
    assert found.rebuild_carbon.to_numpy() == pytest.approx(np.asarray(same + 320 * area))


def test_a_long_horizon_lets_a_new_building_pay_back_and_a_clean_grid_never_does() -> None:
    hotel = standing(("hotel",))
    long = judged(hotel, horizon=2200)
    saved = long.renewed_saving["b0"]
    assert long.rebuild_payback["b0"] == pytest.approx(320 * hotel["floor_area"]["b0"] / saved)
    clean = judged(hotel, scenario="fast", path={"fast/2025": 1.0, "fast/2026": 0.0})
    assert math.isnan(clean.rebuild_payback["b0"])
    assert clean.lowest_carbon["b0"] == "keep"


def test_rebuilding_is_best_only_where_it_embodies_less_than_retrofit() -> None:
    """Both have the same envelope, so that the carbon once embodied decides between them."""
    cheap = judged(standing(("hotel",), rebuild_embodied=1e3, demolition_carbon=0.0), horizon=2060)
    assert cheap.lowest_carbon["b0"] == "rebuild"


def test_photovoltaics_stay_on_the_roof() -> None:
    """A roof that halves what is taken from the grid leaves the saving as it was."""
    slabs = standing(("office",))
    half = judged(slabs.assign(electricity_emissions=0.25 * slabs["electricity"]))
    assert half.renewed_saving["b0"] == pytest.approx(judged(slabs).renewed_saving["b0"])


def test_newer_neighbours_do_not_tell_how_a_new_building_operates() -> None:
    """Version 1 judged by buildings of 2016 and later, and had no answer without any."""
    old, mixed = standing(("office", "office")), standing(("office", "office"), year_built=[1985.0, 2018.0])
    assert judged(mixed).rebuild_carbon["b0"] == pytest.approx(judged(old).rebuild_carbon["b0"])


def test_what_is_protected_or_planned_is_not_rebuilt() -> None:
    found = judged(standing(heritage=[1.0, 0.0, 0.0, 0.0], year_built=[1985.0, 1985.0, 1985.0, 2030.0]))
    assert found.rebuild_carbon.isna().tolist() == [True, False, False, True]
    assert found.renewed_saving["b3"] == pytest.approx(0.0)
    assert found.lowest_carbon["b3"] == "keep"


def test_the_standard_is_that_in_force_at_the_start() -> None:
    slabs = standing(("office", "office", "office"), year_built=[1985.0, 2030.0, 1990.0])
    slabs["envelope_standard"] = ["as_built", "as_built", "renewed_windows"]
    moved = to_standard(slabs, 2025)
    assert moved["year_built"].tolist() == [2025.0, 2030.0, 2025.0]
    assert set(moved["envelope_standard"]) == {"as_built"}
    at_2010 = judged(slabs.iloc[:1], start=2010, horizon=2019).renewed_saving["b0"]
    assert at_2010 < judged(slabs.iloc[:1]).renewed_saving["b0"]


def test_payback_is_linear_within_a_year_and_absent_where_never() -> None:
    saved = np.array([[2.0, 4.0, 6.0], [0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [-1.0, -2.0, -3.0]])
    found = payback(saved, np.array([3.0, 1.0, 0.0, 0.0]))
    assert found[:3] == pytest.approx([1.5, math.nan, 0.0], nan_ok=True)
    assert found[3] == 0.0


@pytest.mark.parametrize(
    ("changed", "settings", "told"),
    [
        ({}, {"horizon": 2024}, "2024"),
        ({}, {"scenario": "hope"}, "present"),
        ({}, {"path": {"present/soon": 1.0}}, "present/soon"),
        ({}, {"path": {"present/2020": -1.0}}, "below 0"),
        ({}, {"path": {"present/2020": 0.0}}, "2025"),
        ({"electricity_emissions": [math.nan]}, {}, "electricity_emissions"),
        ({"electricity": [math.nan]}, {}, "electricity"),
    ],
)
def test_bad_input_is_refused_in_both_languages(changed: dict[str, Any], settings: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        judged(standing(("office",), **changed), **settings)
    assert refused.value.say("zh") != refused.value.say("en")


def test_a_zone_without_the_standard_is_told_before_anything_runs() -> None:
    given, slabs = factors(), standing(("office",))
    params = LifeCycleParams(climate_zone="9Z", start=2025, scenario="present")
    with pytest.raises(InputError, match="9Z"):
        standard_known(
            buildings=slabs, standard_since=given["standard_since"], envelope=given["envelope"], p=params
        )  # fmt: skip


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axes = plt.subplots(1, 2, figsize=(9.0, 3.8), layout="constrained")
    ends, grid = np.arange(2026, 2061, 2), dict(resolve("grid_path"))
    for axis, use in zip(axes, ("residential", "hotel"), strict=True):
        slab = standing((use,))
        courses = [judged(slab, path=grid, scenario="iea_announced", horizon=int(end)) for end in ends]
        for option, colour in (("keep", "#7f7f7f"), ("retrofit", "#4c78a8"), ("rebuild", "#e45756")):
            course = np.array([getattr(found, f"{option}_carbon")["b0"] for found in courses])
            axis.plot(ends, course / slab["floor_area"]["b0"], color=colour, label=option)
        axis.set_title(f"{use} of 1985, grid of iea_announced", fontsize=10)
        axis.set_ylim(bottom=0)
    axes[0].set_ylabel("cumulative kg CO₂e per m² of floor")
    axes[0].legend()
    fig.savefig(figure("lowcarbon.life_cycle"), dpi=130)
    plt.close(fig)
