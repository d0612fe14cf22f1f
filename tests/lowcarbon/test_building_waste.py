"""Construction and demolition waste by hand: the period, what is recycled, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.waste.building_waste import BuildingWaste, BuildingWasteParams, building_waste
from tests.lowcarbon.test_supply import ROW


def stock(built: list[float], gone: list[float]) -> gpd.GeoDataFrame:
    return ROW.iloc[: len(built)].assign(floor_area=1000.0, year_built=built, demolition_year=gone)


def wasted(
    table: gpd.GeoDataFrame, *, start: int = 2025, end: int = 2035, recycled: float = 0.5, avoided: float | None = None
) -> BuildingWaste:
    p = BuildingWasteParams(start=start, end=end, recycled_share=recycled, avoided_per_tonne=avoided)
    result: BuildingWaste = building_waste(buildings=table, building_waste=resolve("building_waste", region="CN"), p=p)
    return result


def test_by_hand() -> None:
    """1000 m2 each: one stays, one is built, one is torn down, one is built and torn down in the period."""
    found = wasted(stock([1990, 2025, 1985, 2026], [0, 0, 2035, 2030]), avoided=10.0)
    assert found.construction_waste.to_list() == pytest.approx([0, 40_700, 0, 40_700])
    assert found.demolition_waste.to_list() == pytest.approx([0, 0, 1.3e6, 1.3e6])
    assert found.recycled_waste.sum() == pytest.approx(0.5 * 2_681_400)
    assert found.recycling_avoided.sum() == pytest.approx(0.5 * 2681.4 * 10)


def test_outside_the_period_nothing_counts() -> None:
    found = wasted(stock([2024, 2036], [2024, 2036]))
    assert found.construction_waste.sum() == found.demolition_waste.sum() == 0.0


def test_without_a_factor_nothing_is_said_to_be_avoided() -> None:
    assert wasted(stock([2025.0], [0.0])).recycling_avoided.isna().all()


@pytest.mark.parametrize("gone", [1980.0, 25.0])
def test_a_demolition_before_completion_is_refused(gone: float) -> None:
    with pytest.raises(InputError) as told:
        wasted(stock([1990.0], [gone]))
    assert "b0" in told.value.say("zh")
    assert f"{gone:g}" in told.value.say("en")


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InputError) as told:
        wasted(stock([1990.0], [0.0]), start=2035, end=2025)
    assert "2025" in told.value.say("zh")
    assert "2035" in told.value.say("en")


def test_figure(figure: Callable[[str], Path]) -> None:
    shares = np.linspace(0, 1, 5)
    left = [wasted(stock([2030.0, 1985.0], [0.0, 2028.0]), recycled=float(share)) for share in shares]
    dumped = [(run.construction_waste + run.demolition_waste - run.recycled_waste) / 1e3 for run in left]
    fig, axis = plt.subplots(figsize=(6.5, 3.0), layout="constrained")
    axis.bar(100 * shares, [each["b1"] for each in dumped], width=14, label="torn down", color="#8c6d4f")
    axis.bar(100 * shares, [each["b0"] for each in dumped], width=14, bottom=[each["b1"] for each in dumped],
             label="built", color="#4f7f8c")  # fmt: skip
    axis.set(xlabel="recycled [%]", ylabel="t to be dumped", title="1000 m² torn down and 1000 m² built")
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.building_waste"), dpi=130)
    plt.close(fig)
