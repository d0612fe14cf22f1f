import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.embodied.life_cycle import LifeCycle, LifeCycleParams, life_cycle, payback
from tests.blocks import blocks

SAVING = {"residential": 0.3, "public": 0.2}
PRESENT = {"present/2020": 1.0}


def judged(*, path: dict[str, float] | None = None, start: int = 2025, horizon: int = 2034, scenario: str = "present",
           **changed: Any) -> LifeCycle:  # fmt: skip
    return life_cycle(
        buildings=blocks(**changed), grid_path=path or PRESENT, retrofit_saving=SAVING, new_building_saving=SAVING,
        p=LifeCycleParams(start=start, scenario=scenario, horizon=horizon),
    )  # fmt: skip


def test_ten_years_of_an_old_house_by_hand() -> None:
    """21 t a year kept; retrofit saves 30 %; a new one has 10 kg m-2 of the plan's building: 80 t over 8000 m2."""
    found = judged()
    assert found.keep_carbon["a"] == pytest.approx(10 * 21e3)
    assert found.retrofit_carbon["a"] == pytest.approx(55e3 + 10 * 0.7 * 21e3)
    assert found.rebuild_carbon["a"] == pytest.approx(180e3 + 12e3 + 10 * 600 * 10)
    assert found.retrofit_payback["a"] == pytest.approx(55e3 / 6.3e3)
    assert math.isnan(found.rebuild_payback["a"])
    assert found.lowest_carbon["a"] == "retrofit"


def test_a_long_horizon_turns_to_rebuilding_and_a_clean_grid_back_to_keeping() -> None:
    assert judged(horizon=2060).lowest_carbon["a"] == "rebuild"
    clean = judged(horizon=2060, scenario="fast", path={"fast/2025": 1.0, "fast/2026": 0.0}, heat_emissions=0.0)
    assert clean.lowest_carbon["a"] == "keep"


def test_an_office_without_a_newer_one_tells_by_the_standard() -> None:
    """Its own 38.75 kg m-2 of 2018 less 20 % (GB 55015-2021, 2.0.1)."""
    assert judged().rebuild_carbon["b"] == pytest.approx(1280e3 + 10 * 0.8 * 155e3)


def test_what_is_protected_or_planned_is_not_rebuilt() -> None:
    found = judged(horizon=2060, heritage=[1.0, 0.0, 0.0, 0.0])
    assert math.isnan(found.rebuild_carbon["a"])
    assert math.isnan(found.rebuild_carbon["d"])
    assert found.lowest_carbon["a"] == "retrofit"


def test_no_building_tells_how_a_new_one_operates() -> None:
    found = judged(year_built=[1985.0, 1990.0, 1995.0, 2000.0])
    assert found.rebuild_carbon.isna().all()


def test_payback_is_linear_within_a_year_and_absent_where_never() -> None:
    saved = np.array([[2.0, 4.0, 6.0], [0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [-1.0, -2.0, -3.0]])
    found = payback(saved, np.array([3.0, 1.0, 0.0, 0.0]))
    assert found[:3] == pytest.approx([1.5, math.nan, 0.0], nan_ok=True)
    assert found[3] == 0.0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"horizon": 2024}, "2024"),
        ({"scenario": "hope"}, "present"),
        ({"path": {"present/soon": 1.0}}, "present/soon"),
        ({"path": {"present/2020": -1.0}}, "below 0"),
        ({"path": {"present/2020": 0.0}}, "2025"),
        ({"electricity_emissions": [math.nan, 1.0, 1.0, 1.0]}, "electricity_emissions"),
    ],
)
def test_bad_input_is_refused_in_both_languages(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        judged(**changed)
    assert refused.value.say("zh") != refused.value.say("en")


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
    ends = np.arange(2026, 2061)
    grid = dict(resolve("grid_path"))
    courses = [judged(path=grid, scenario="iea_announced", horizon=int(end)) for end in ends]
    for option, colour in (("keep", "#7f7f7f"), ("retrofit", "#4c78a8"), ("rebuild", "#e45756")):
        course = [getattr(found, f"{option}_carbon")["a"] for found in courses]
        axis.plot(ends, np.array(course) / 1e3, color=colour, label=option)
    axis.set_ylabel("cumulative t CO₂e")
    axis.set_title("A house of 1985, 600 m², grid of iea_announced", fontsize=10)
    axis.set_ylim(bottom=0)
    axis.legend()
    fig.savefig(figure("lowcarbon.life_cycle"), dpi=130)
    plt.close(fig)
