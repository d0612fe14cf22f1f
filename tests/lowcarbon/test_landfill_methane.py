from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.factor import resolve
from citybraid.kernels.waste.first_order_decay import emitted, generated
from citybraid.lowcarbon.waste.landfill_methane import LandfillMethane, LandfillMethaneParams, landfill_methane

CLIMATES = ("temperate_dry", "temperate_wet", "tropical_dry", "tropical_wet")


def found(*, waste: float = 1000.0, **params: object) -> LandfillMethane:
    rows = {name: resolve(name) for name in ("landfill", "landfill_waste")}
    return landfill_methane(landfilled_waste=waste, **rows, p=LandfillMethaneParams.model_validate(params))


def test_first_year_by_hand() -> None:
    """A tonne of waste: L0 50 kg, of which 1 - exp(-0.09) decays in the first full year and nine tenths escape."""
    assert found(years=1).methane_in_year == pytest.approx(50.0 * (1 - np.exp(-0.09)) * 0.9)
    assert found(years=1).committed_methane == pytest.approx(45.0)


@pytest.mark.parametrize(
    ("kind", "carbon", "rates"),
    [
        ("food", 0.15, (0.06, 0.185, 0.085, 0.4)), ("garden", 0.2, (0.05, 0.1, 0.065, 0.17)),
        ("paper", 0.4, (0.04, 0.06, 0.045, 0.07)), ("wood", 0.43, (0.02, 0.03, 0.025, 0.035)),
        ("textiles", 0.24, (0.04, 0.06, 0.045, 0.07)), ("sludge", 0.05, (0.06, 0.185, 0.085, 0.4)),
    ],
)  # fmt: skip
def test_kinds_of_waste_by_hand(kind: str, carbon: float, rates: tuple[float, ...]) -> None:
    """A tonne of each kind in each climate: L0 from its carbon, the third year from its rate (IPCC 2006, table 3.3)."""
    potential = 1000.0 * carbon * 0.5 * 0.5 * 16.0 / 12.0 * 0.9
    for climate, rate in zip(CLIMATES, rates, strict=True):
        got = found(waste_kind=kind, climate=climate, years=3)
        assert got.committed_methane == pytest.approx(potential)
        assert got.methane_in_year == pytest.approx(potential * (1.0 - np.exp(-rate)) * np.exp(-2.0 * rate))


def test_several_years_are_the_sum_of_each() -> None:
    """Two tonnes in the first year, none in the second, one in the third; one still to come counts as committed."""
    together = found(waste=2000.0, later=(0.0, 1000.0, 500.0), years=2)
    assert together.methane_in_year == pytest.approx(found(waste=2000.0, years=2).methane_in_year)
    late = found(waste=2000.0, later=(0.0, 1000.0), years=10)
    apart = found(waste=2000.0, years=10), found(waste=1000.0, years=8)
    assert late.methane_in_year == pytest.approx(sum(each.methane_in_year for each in apart))
    assert late.methane_until_year == pytest.approx(sum(each.methane_until_year for each in apart))
    assert together.committed_methane == pytest.approx(3500.0 * 0.045)


def test_without_delay_half_a_year_decays_in_the_year_of_deposition() -> None:
    made = generated(np.array([1.0, 0.0]), potential=1.0, rate=0.09, delay=0.0)
    assert made == pytest.approx([1 - np.exp(-0.045), np.exp(-0.045) * (1 - np.exp(-0.09))])


def test_steady_deposits_reach_what_they_commit() -> None:
    made = generated(np.full(400, 10.0), potential=0.05, rate=0.09, delay=6.0)
    assert made[-1] == pytest.approx(0.5, rel=1e-9)


def test_more_recovered_than_generated_is_no_sink() -> None:
    assert emitted(np.array([1.0, 3.0]), recovered=np.array([2.0, 1.0]), oxidation=0.1) == pytest.approx([0.0, 1.8])


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
    years = range(1, 61)
    for climate in CLIMATES:
        axis.plot(years, [found(years=year, climate=climate).methane_in_year for year in years], label=climate)
    axis.set_xlabel("years after deposition")
    axis.set_ylabel("kg CH₄ a year per tonne of waste")
    axis.legend(frameon=False, fontsize=8)
    axis.set_title("Methane of a year's landfilled waste, by climate", fontsize=10)
    fig.savefig(figure("lowcarbon.landfill_methane"), dpi=130)
    plt.close(fig)
