"""Backup power and raised parts of lifelines on the small plan: who gets them first, what they add; figures."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.resilience.lifelines import COMPONENT_HEIGHT, POWER_RESERVE
from citybraid.integrate.measures.lifelines.backup_power import BackupPowerParams, backup_power
from citybraid.integrate.measures.lifelines.raised_components import RaisedComponentsParams, raised_components
from citybraid.resilience.lifelines.lifelines import LifelinesParams, lifelines
from citybraid.resilience.lifelines.recovery import RecoveryParams, recovery
from tests.examples import at_most
from tests.integrate.plan import LIFELINES, ends, run
from tests.resilience.lifeline_town import components, homes, shipped_factors

NAN = float("nan")


def test_backup_power_lasts_a_day_and_counts_energy() -> None:
    """300 kW × 20 h for the clinic, 200 kW × 24 h for the pump, 75 kW × 24 h for the works; the kiosk makes power."""
    found = run(backup_power)
    assert found.power_reserve.to_dict() == pytest.approx(
        {"clinic": 24.0, "pump": 24.0, "kiosk": NAN, "works": 24.0}, nan_ok=True
    )
    assert found.backup_energy.to_dict() == {"west": 300.0 * 20.0 + 200.0 * 24.0, "east": 75.0 * 24.0}


def test_hospitals_get_it_before_pumps() -> None:
    found = run(backup_power, BackupPowerParams(share=0.5))
    assert found.power_reserve["clinic"] == 24.0
    assert found.power_reserve["pump"] == 0.0
    other = run(backup_power, BackupPowerParams(share=0.5, systems=("drainage", "health")))
    assert other.power_reserve["pump"] == 24.0
    assert other.power_reserve["clinic"] == 4.0
    assert other.power_reserve["works"] == 0.0


def test_parts_are_raised_and_higher_ones_stay() -> None:
    found = run(raised_components, RaisedComponentsParams(height=0.8))
    assert found.component_height.to_dict() == {"clinic": 0.8, "pump": 0.9, "kiosk": 0.8, "works": 0.8}
    assert found.raised_components.to_dict() == {"west": 1.0, "east": 2.0}, "the kiosk stood at its system's 0.6 m"


@at_most(15)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.5, 48), st.floats(0.1, 3))
def test_more_share_never_takes_any_away(one: float, two: float, hours: float, height: float) -> None:
    less, more = sorted((one, two))
    power = [run(backup_power, BackupPowerParams(share=share, hours=hours)) for share in (less, more)]
    assert (power[1].power_reserve.fillna(0) >= power[0].power_reserve.fillna(0)).all()
    assert (power[1].backup_energy >= power[0].backup_energy).all()
    assert (power[0].power_reserve.fillna(0) >= LIFELINES["power_reserve"].fillna(0)).all()
    raised = [run(raised_components, RaisedComponentsParams(share=share, height=height)) for share in (less, more)]
    assert (raised[1].raised_components >= raised[0].raised_components).all()
    assert (raised[1].component_height.fillna(0) >= LIFELINES["component_height"].fillna(0)).all()


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(POWER_RESERVE), NAN), (*ends(COMPONENT_HEIGHT), NAN)))


@pytest.mark.parametrize(("reserve", "height"), corners())
def test_corners(reserve: float, height: float) -> None:
    table = LIFELINES[["geometry", "lifeline_system"]].assign(power_reserve=reserve, component_height=height)
    power = run(backup_power, lifelines=table.drop(columns="component_height"))
    assert power.power_reserve["clinic"] == max(24.0, np.nan_to_num(reserve))
    raised = run(raised_components, lifelines=table.drop(columns="power_reserve"))
    assert raised.component_height["clinic"] == max(1.5, np.nan_to_num(height))


def failing(hours: float) -> Any:
    table = components({"E0": 0.7, "E1": 0.5, "E2": 0.5})
    table["power_reserve"] = np.where(np.isin(table["lifeline_system"], ["power"]), 0.0,
                                      np.maximum(table["power_reserve"], hours))  # fmt: skip
    return table


def test_backup_power_shortens_the_loss_of_services() -> None:
    found = [
        recovery(lifelines=failing(hours), buildings=homes(), **shipped_factors(), p=RecoveryParams(runs=200))
        for hours in (0.0, 48.0)
    ]
    assert found[1].recovery_loss < 0.95 * found[0].recovery_loss


def test_figure_of_backup_power(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    for hours, colour in ((0.0, "#d55e00"), (24.0, "#0072b2"), (48.0, "#009e73")):
        found = lifelines(lifelines=failing(hours), buildings=homes(), bed_occupancy=resolve("bed_occupancy"),
                          p=LifelinesParams(runs=500))  # fmt: skip
        label = f"backup of {hours:.0f} h" if hours else "backup as it stands"
        axis.step(found.service_course.index, 100 * found.service_course, where="post", color=colour, label=label)
    axis.set(xlabel="h from the start of the event", ylabel="share of all services [%]", ylim=(0, 102), xlim=(0, 72))
    axis.legend(frameon=False, loc="lower left")
    fig.savefig(figure("integrate.measures.backup_power"), dpi=110)


def test_figure_of_raised_components(figure: Callable[[str], Path]) -> None:
    heights = np.linspace(0.2, 2.5, 24)
    raised = [
        run(raised_components, RaisedComponentsParams(height=float(each))).component_height.fillna(0.6)
        for each in heights
    ]
    fig, axis = plt.subplots(figsize=(6.0, 3.4), layout="constrained")
    for name, colour in zip(LIFELINES.index, ("#d55e00", "#0072b2", "#009e73", "#cc79a7"), strict=True):
        axis.plot(heights, [each[name] for each in raised], color=colour, label=str(name))
    axis.set(xlabel="height asked for [m]", ylabel="parts above the ground [m]", xlim=(0.2, 2.5), ylim=(0, 2.6))
    axis.legend(frameon=False)
    fig.savefig(figure("integrate.measures.raised_components"), dpi=110)
