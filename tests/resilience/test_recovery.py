"""Recovery of lifelines: by hand on a small town, the loss as the curve's area, refusals; the figure of the method."""

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

from citybraid.core.errors import InputError
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.lifelines import LIFELINE_HIT_CHANCE
from citybraid.resilience.lifelines.recovery import Recovery, RecoveryParams, recovery
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.lifeline_town import COMPONENTS, components, exact_factors, homes, shipped_factors

RUNS = 100


def recovered(
    table: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame | None = None, factors: dict[str, Any] | None = None, **p: Any
) -> Recovery:
    return recovery(
        lifelines=table, buildings=homes() if buildings is None else buildings, **(factors or exact_factors()),
        p=RecoveryParams.model_validate({"runs": RUNS, "muster": 0.0, **p}),
    )  # fmt: skip


def test_a_substation_comes_back_by_hand() -> None:
    """E1 is hit at 1 h, free at 6 h and mended at 30 h; the mast was silent from 9 h on, all else worked."""
    found = recovered(components({"E1": 1.0}), homes(elderly=[30.0, 40.0]))
    assert found.repair_end.dropna().to_dict() == {"E1": 30.0}
    assert found.service_wait.tolist() == [30.0, 30.0], "all have the one mast"
    assert found.service_wait_people.tolist() == [300.0 * 29.0, 100.0 * 21.0]
    assert found.service_wait_elderly.tolist() == [30.0 * 29.0, 40.0 * 21.0]
    # Of 1600 services 300 are lost for 29 h, 400 for 21 h.
    assert found.recovery_loss == pytest.approx((300 * 29 + 400 * 21) / 1600)
    assert found.recovery_loss_low == found.recovery_loss_high == found.recovery_loss
    assert (found.half_recovery, found.main_recovery, found.near_recovery) == (0.0, 30.0, 30.0)
    assert found.system_recovery.to_dict() == {"health": 0.0, "power": 30.0, "telecom": 30.0, "water": 0.0}
    assert found.system_lost_hours["power"] == pytest.approx(0.75 * 29.0)
    assert found.system_lost_hours["telecom"] == 21.0
    assert found.schedule_gap == 0.0


def test_one_crew_mends_first_what_most_services_hang_on() -> None:
    """The feed holds all services; then E1 (300 people and half of water, the mast), then E2 (100 people, half)."""
    found = recovered(components({"E0": 1.0, "E1": 1.0, "E2": 1.0}))
    assert found.repair_end.dropna().to_dict() == {"E0": 30.0, "E1": 54.0, "E2": 78.0}
    assert found.schedule_gap == pytest.approx(0.0, abs=1e-9), "which is the best order"
    two = recovered(components({"E0": 1.0, "E1": 1.0, "E2": 1.0}), factors=exact_factors() | {
        "repair_crews": dict.fromkeys(exact_factors()["repair_crews"], 2.0)})  # fmt: skip
    assert two.repair_end.dropna().to_dict() == {"E0": 30.0, "E1": 30.0, "E2": 54.0}


def test_crews_muster_and_durations_spread() -> None:
    plain = recovered(components({"E1": 1.0}), factors=shipped_factors(), runs=2000)
    later = recovered(components({"E1": 1.0}), factors=shipped_factors(), runs=2000, muster=5.0)
    assert later.repair_end["E1"] == pytest.approx(plain.repair_end["E1"] + 5.0)
    # A triangle from 24 to 168 h with its mode at 72 h has its mean at 88 h; 3 standard errors are 2 h.
    assert plain.repair_end["E1"] == pytest.approx(6.0 + 88.0, abs=2.5)
    assert plain.recovery_loss_low < plain.recovery_loss < plain.recovery_loss_high


def test_refuses_a_system_without_a_crew() -> None:
    factors = exact_factors()
    factors["repair_crews"]["telecom"] = 0.0
    with pytest.raises(InputError) as failure:
        recovered(components(), factors=factors)
    assert failure.value.text == "lifelines.no_crews"
    assert "telecom" in failure.value.say("en")
    assert failure.value.say("zh") != failure.value.say("en")


chances = st.fixed_dictionaries(dict.fromkeys(COMPONENTS, st.sampled_from([0.0, 0.4, 1.0])))


@at_most(12)
@given(chances, st.integers(1, 3), st.floats(0, 30))
def test_the_loss_is_the_area_above_the_curve_and_the_curve_rises_at_last(
    chance: dict[str, float], crews: int, reserve: float
) -> None:
    factors = exact_factors() | {"repair_crews": dict.fromkeys(exact_factors()["repair_crews"], float(crews))}
    table = components(chance, power_reserve=reserve, supply_reserve=reserve)
    found = recovered(table, factors=factors, runs=30)
    # Events fall on whole hours where reserves do; the hourly mean differs by what happens within an hour.
    curve = found.recovery_course.to_numpy()
    assert found.recovery_loss == pytest.approx((1.0 - curve[:-1]).sum(), abs=1.0)
    last = 1.0 + 3.0 * reserve
    assert (np.diff(curve[int(np.ceil(last)) :]) >= -1e-12).all()
    assert curve[-1] == pytest.approx(1.0)
    assert 0.0 <= found.half_recovery <= found.main_recovery <= found.near_recovery
    assert (found.service_wait_people <= found.service_wait * homes()["residents"] + 1e-9).all()


@at_most(10)
@given(chances, st.floats(0, 40), st.floats(0, 40))
def test_more_reserve_never_lengthens_the_wait(chance: dict[str, float], one: float, two: float) -> None:
    less, more = (recovered(components(chance, power_reserve=hours), runs=30) for hours in sorted((one, two)))
    assert more.recovery_loss <= less.recovery_loss + 1e-12
    assert (more.service_wait <= less.service_wait + 1e-9).all()


def corners() -> list[tuple[float, float]]:
    return list(product(ends(LIFELINE_HIT_CHANCE), ends(RESIDENTS)))


@pytest.mark.parametrize(("chance", "people"), corners())
def test_corners(chance: float, people: float) -> None:
    found = recovered(components(dict.fromkeys(COMPONENTS, chance)), homes(people, people), runs=10)
    assert np.isfinite(found.recovery_course).all()
    assert found.recovery_loss == (0.0 if not (chance and people) else pytest.approx(found.recovery_loss))
    assert (found.service_wait > 0.0).all() == bool(chance and people)


def test_figure(figure: Callable[[str], Path]) -> None:
    table = components({"E0": 0.3, "E1": 0.8, "E2": 0.6, "T1": 0.5, "W1": 0.4})
    found = recovered(table, factors=shipped_factors(), runs=2000, muster=2.0)
    fig, axis = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    days = found.recovery_course.index.to_numpy() / 24.0
    axis.fill_between(days, 100 * found.recovery_course_low, 100 * found.recovery_course_high, color="#009e73",
                      alpha=0.25, label="5th to 95th percentile")  # fmt: skip
    axis.plot(days, 100 * found.recovery_course, color="#009e73", label="mean of 2000 runs")
    axis.fill_between(days, 100 * found.recovery_course, 100, color="#d55e00", alpha=0.2, label="loss triangle")
    axis.set(xlabel="days from the start of the event", ylabel="share of all services [%]", ylim=(0, 102), xlim=(0, 20),
             title=f"{found.recovery_loss:.0f} h lost; 95 % after {found.near_recovery / 24:.1f} d")  # fmt: skip
    axis.legend(frameon=False, loc="lower right")
    fig.savefig(figure("resilience.recovery"), dpi=110)
