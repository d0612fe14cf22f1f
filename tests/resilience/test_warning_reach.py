"""Warning: delays and margins by hand, refusals, more lead never reaches fewer; figure."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.risk import WARNING_TIME
from citybraid.resilience.relief.warning_reach import WarningReach, warning_reach
from tests.ranges import ends
from tests.resilience.street_town import CRS

FACTS: dict[str, Any] = {name: resolve(name) for name in ("warning_delay", "warning_reach")}


def houses(residents: list[float], hours: list[float]) -> gpd.GeoDataFrame:
    shapes = [box(10 * k, 0, 10 * k + 8, 8) for k in range(len(residents))]
    index = [f"b{k}" for k in range(len(residents))]
    return gpd.GeoDataFrame({"residents": residents, "evacuation_time": hours}, geometry=shapes, index=index, crs=CRS)


def reach(buildings: gpd.GeoDataFrame, warning: float | None = None, **given_: Any) -> WarningReach:
    return warning_reach(buildings=buildings, warning_time=warning, **(FACTS | given_))


def test_delays_by_hand() -> None:
    """A forecast 3 h ahead, an hour to decide, half an hour to tell, an hour to prepare: half an hour to leave."""
    answer = reach(houses([100.0, 100.0, 100.0], [0.4, 0.6, np.nan]))
    assert answer.time_to_leave == pytest.approx(0.5)
    assert answer.people_reached_in_time.tolist() == [90.0, 0.0, 0.0]
    np.testing.assert_allclose(answer.warning_margin, [0.1, -0.1, np.nan])


def test_a_warning_of_the_study_replaces_forecast_and_decision() -> None:
    assert reach(houses([100.0], [0.5]), 2.5).time_to_leave == pytest.approx(1.0)
    late = reach(houses([100.0], [0.0]), 1.0)
    assert late.time_to_leave == pytest.approx(-0.5)
    assert late.people_reached_in_time.sum() == 0.0


@pytest.mark.parametrize(
    ("text", "given_"),
    [
        ("relief.delay", {"warning_delay": {**FACTS["warning_delay"], "decision": -1.0}}),
        ("relief.told", {"warning_reach": {**FACTS["warning_reach"], "told": 1.5}}),
    ],
)
def test_refuses(text: str, given_: dict[str, Any]) -> None:
    with pytest.raises(InputError) as failure:
        reach(houses([1.0], [0.1]), **given_)
    assert failure.value.text == text
    assert failure.value.say("zh") != failure.value.say("en")


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=6), st.floats(0, 240), st.floats(0, 10))
def test_more_lead_never_reaches_fewer_and_never_more_than_are_told(
    residents: list[float], lead: float, more: float
) -> None:
    hours = [0.3 * k for k in range(len(residents))]
    one, other = (
        reach(houses(residents, hours), time).people_reached_in_time for time in (lead, min(lead + more, 240.0))
    )
    assert (other >= one).all()
    assert (other <= FACTS["warning_reach"]["told"] * np.array(residents) + 1e-9).all()


def corners() -> list[tuple[float, float, float]]:
    return list(product((*ends(RESIDENTS), float("nan")), ends(WARNING_TIME), (0.0, float("nan"))))


@pytest.mark.parametrize(("people", "lead", "hours"), corners())
def test_corners(people: float, lead: float, hours: float) -> None:
    answer = reach(houses([people], [hours]), lead)
    told = people * FACTS["warning_reach"]["told"] * (lead > 0.0 and hours == 0.0)
    np.testing.assert_allclose(answer.people_reached_in_time["b0"], told)


def test_figure(figure: Callable[[str], Path]) -> None:
    draw = np.random.default_rng(2)
    hours = draw.gamma(3.0, 0.4, 400)
    buildings = houses([50.0] * 400, list(hours))
    leads = np.linspace(0, 6, 61)
    share = [100 * float(reach(buildings, float(lead)).people_reached_in_time.sum()) / 20_000 for lead in leads]
    fig, axis = plt.subplots(figsize=(5.4, 3.4), layout="constrained")
    axis.plot(leads, share)
    axis.axvline(1.5, color="0.6", linestyle=":")
    axis.text(1.55, 5, "told and ready", fontsize=8, color="0.4")
    axis.set(xlabel="lead time of the warning [h]", ylabel="residents out before the water [%]", ylim=(0, 100))
    axis.set_title("400 made-up homes that take up to 3 h to leave; 90 % are told", fontsize=9)
    fig.savefig(figure("resilience.warning_reach"), dpi=110)
    plt.close(fig)
