"""Reclaimed water by hand, where water is near and where it comes from afar."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.var import Factors
from citybraid.lowcarbon.waste.reclaimed_water import ReclaimedWater, ReclaimedWaterParams, reclaimed_water
from tests.lowcarbon.test_supply import AREA, ROW


def reclaimed(
    share: float, *, region: str = "CN-GD-SZ", flow: float = 1000.0, rows: Factors | None = None
) -> ReclaimedWater:
    """Three of the four buildings lie in the study area."""
    result: ReclaimedWater = reclaimed_water(
        buildings=ROW.assign(wastewater_flow=flow), study_area=AREA, grid_emission_factor={"": 0.5},
        water_energy=rows or resolve("water_energy", region=region), p=ReclaimedWaterParams(reclaimed_share=share),
    )  # fmt: skip
    return result


def test_by_hand_where_water_comes_from_afar() -> None:
    """Shenzhen: 0.53 + 0.64 kWh a m3 of supply, 0.33 of reclaiming; 3 x 400 m3."""
    found = reclaimed(0.4)
    assert found.reclaimed_water.to_list() == pytest.approx([400.0] * 4)
    assert found.replaced_supply_energy == pytest.approx(1200 * 1.17)
    assert found.reclaimed_energy == pytest.approx(1200 * 0.33)
    assert found.reclaimed_avoided == pytest.approx(1200 * 0.84 * 0.5)


def test_where_water_is_near_reclaiming_takes_more_and_is_told_so() -> None:
    assert reclaimed(0.4, region="CN-SH").reclaimed_avoided == pytest.approx(1200 * (0.29 - 0.33) * 0.5)


def test_a_negative_factor_is_refused_in_both_languages() -> None:
    with pytest.raises(InputError) as told:
        reclaimed(0.4, rows={"supply": 0.3, "reclaimed": -0.1})
    assert "reclaimed" in told.value.say("zh")
    assert "water_energy" in told.value.say("en")


def test_figure(figure: Callable[[str], Path]) -> None:
    shares = np.linspace(0, 1, 5)
    fig, axis = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
    for region, name in (("CN-GD-SZ", "Shenzhen: water from afar"), ("CN", "mean of urban China")):
        values = [reclaimed(float(share), region=region).reclaimed_avoided / 3 for share in shares]
        axis.plot(100 * shares, values, marker="o", label=name)
    axis.axhline(0, color="#888888", lw=0.8)
    axis.set(xlabel="reclaimed [% of wastewater]", ylabel="kg CO₂ avoided per 1000 m³",
             title="At a grid of 0.5 kg/kWh")  # fmt: skip
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.reclaimed_water"), dpi=130)
    plt.close(fig)
