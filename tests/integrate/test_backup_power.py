"""Backup power of lifelines on the small plan: who gets it first, what it adds, what it averts; the figure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.resilience.lifelines import POWER_RESERVE
from citybraid.integrate.measures.lifelines.backup_power import BackupPowerParams, backup_power
from citybraid.resilience.lifelines.lifelines import LifelinesParams, lifelines
from citybraid.resilience.lifelines.recovery import RecoveryParams, recovery
from tests.examples import at_most
from tests.integrate.plan import LIFELINES, ends, run
from tests.resilience.lifeline_town import components, homes, shipped_factors

NAN = float("nan")


def test_it_lasts_a_day_and_counts_energy() -> None:
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


@at_most(15)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.5, 48))
def test_more_share_never_takes_any_away(one: float, two: float, hours: float) -> None:
    less, more = (run(backup_power, BackupPowerParams(share=share, hours=hours)) for share in sorted((one, two)))
    assert (more.power_reserve.fillna(0) >= less.power_reserve.fillna(0)).all()
    assert (more.backup_energy >= less.backup_energy).all()
    assert (less.power_reserve.fillna(0) >= LIFELINES["power_reserve"].fillna(0)).all()


def corners() -> list[float]:
    return [*ends(POWER_RESERVE), NAN]


@pytest.mark.parametrize("reserve", corners())
def test_corners(reserve: float) -> None:
    table = LIFELINES[["geometry", "lifeline_system"]].assign(power_reserve=reserve)
    assert run(backup_power, lifelines=table).power_reserve["clinic"] == max(24.0, np.nan_to_num(reserve))


def failing(hours: float) -> Any:
    table = components({"E0": 0.7, "E1": 0.5, "E2": 0.5})
    own = np.maximum(table["power_reserve"], hours)
    table["power_reserve"] = np.where(table["lifeline_system"] == "power", 0.0, own)
    return table


def test_it_shortens_the_loss_of_services() -> None:
    without, with_it = (
        recovery(lifelines=failing(hours), buildings=homes(), **shipped_factors(), p=RecoveryParams(runs=200))
        for hours in (0.0, 48.0)
    )
    assert with_it.recovery_loss < 0.95 * without.recovery_loss


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    for hours, colour in ((0.0, "#d55e00"), (24.0, "#0072b2"), (48.0, "#009e73")):
        found = lifelines(
            lifelines=failing(hours), buildings=homes(), bed_occupancy=resolve("bed_occupancy"),
            p=LifelinesParams(runs=500),
        )  # fmt: skip
        label = f"backup of {hours:.0f} h" if hours else "backup as it stands"
        axis.step(found.service_course.index, 100 * found.service_course, where="post", color=colour, label=label)
    axis.set(xlabel="h from the start of the event", ylabel="share of all services [%]", ylim=(0, 102), xlim=(0, 72))
    axis.legend(frameon=False, loc="lower left")
    fig.savefig(figure("integrate.measures.backup_power"), dpi=110)
