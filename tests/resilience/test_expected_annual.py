"""Expected annual loss: by hand, against fine integration, and what it refuses."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.kernels.risk.exceedance import expected_annual
from citybraid.resilience.damage.annual import AnnualParams
from citybraid.resilience.damage.expected_annual_damage import expected_annual_damage
from citybraid.resilience.people.expected_annual_exposed import expected_annual_exposed

PERIODS = {"a": 5.0, "b": 20.0, "c": 100.0}
LOSSES = {"a": 10.0, "b": 60.0, "c": 100.0}


def annual(**words: object) -> float:
    found = expected_annual_damage(
        damages={event: pd.Series([loss], ["x"]) for event, loss in LOSSES.items()},
        return_periods=PERIODS,
        p=AnnualParams.model_validate(words),
    )
    return float(found.expected_annual_damage.iloc[0])


def test_by_hand() -> None:
    bare = 35.0 * 0.15 + 80.0 * 0.04
    assert annual(onset=5.0, tail=False) == pytest.approx(bare)
    assert annual(onset=5.0) == pytest.approx(bare + 1.0)
    assert annual(onset=2.0) == pytest.approx(bare + 1.0 + 0.5 * 10.0 * 0.3)
    assert annual() == pytest.approx(bare + 1.0 + 0.5 * 10.0 * 0.8)


def test_logarithmic_rule_against_fine_integration() -> None:
    chance = np.linspace(0.01, 0.2, 200_001)
    fine = np.interp(np.log(1 / chance), np.log([5.0, 20.0, 100.0]), [10.0, 60.0, 100.0])
    assert annual(onset=5.0, tail=False, rule="logarithmic") == pytest.approx(np.trapezoid(fine, chance), rel=1e-6)


def test_rows_are_matched_by_id() -> None:
    found = expected_annual_exposed(
        exposures={"a": pd.Series([1.0, 2.0], ["x", "y"]), "b": pd.Series([4.0, 3.0], ["y", "x"])},
        return_periods={"a": 2.0, "b": 4.0},
        p=AnnualParams(onset=2.0, tail=False),
    )
    assert found.expected_annual_exposed.to_dict() == pytest.approx({"x": 0.5, "y": 0.75})


def test_an_event_without_a_return_period_of_its_own_is_in_no_average() -> None:
    """A compound event whose joint return period nobody knows changes nothing."""
    losses = {"p10": pd.Series([1.0], ["x"]), "p100": pd.Series([4.0], ["x"]), "compound": pd.Series([9.0], ["x"])}
    periods = {"p10": 10.0, "p100": 100.0}
    with_it = expected_annual_damage(damages=losses, return_periods=periods, p=AnnualParams())
    losses.pop("compound")
    without = expected_annual_damage(damages=losses, return_periods=periods, p=AnnualParams())
    assert with_it.expected_annual_damage["x"] == without.expected_annual_damage["x"] > 0.0


def test_refusals() -> None:
    one = pd.Series([1.0], ["x"])
    with pytest.raises(InputError, match="no return period"):
        expected_annual_damage(damages={"a": one, "b": one}, return_periods={"c": 5.0}, p=AnnualParams())
    with pytest.raises(InputError, match="share one return period"):
        expected_annual_damage(damages={"a": one, "b": one}, return_periods={"a": 5.0, "b": 5.0}, p=AnnualParams())


@pytest.mark.parametrize(("model", "label"), [("damage", "damage"), ("exposed", "people exposed")])
def test_figures(figure: Callable[[str], Path], model: str, label: str) -> None:
    path = (
        figure("resilience.expected_annual_damage")
        if model == "damage"
        else figure("resilience.expected_annual_exposed")
    )
    period = np.array([5.0, 10.0, 20.0, 50.0, 100.0])
    loss = np.array([2.0, 9.0, 21.0, 38.0, 50.0]) * (1.0 if model == "damage" else 40.0)
    parts: dict[str, tuple[np.ndarray, np.ndarray]] = {
        "onset to the first event": (np.array([1.0, 0.2]), np.array([0.0, loss[0]])),
        "between events": (1 / period, loss),
        "rarer than the last": (np.array([0.01, 0.0]), loss[[-1, -1]]),
    }
    axes = plt.figure(figsize=(6.4, 3.8)).subplots()
    for (name, (chance, values)), colour in zip(parts.items(), ("#9ecae1", "#3182bd", "#08306b"), strict=True):
        area = abs(np.trapezoid(values, chance))
        axes.fill_between(chance, values, color=colour, label=f"{name}: {area:.2f}")
    axes.plot(1 / period, loss, "ko", markersize=4)
    whole = expected_annual(period, loss[:, None], onset=1.0, tail=True)[0]
    axes.set(
        xlabel="annual probability 1/T", ylabel=label, title=f"{label.capitalize()} in an average year: {whole:.2f}"
    )
    axes.legend()
    plt.savefig(path, dpi=110, bbox_inches="tight")
    plt.close("all")
    assert whole == pytest.approx(sum(abs(np.trapezoid(values, chance)) for chance, values in parts.values()))
