from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.waste.wastewater import Wastewater, WastewaterParams, wastewater
from tests.energy_year import row_of_buildings

FACTORS = ("wastewater_load", "wastewater_treatment", "wastewater_process")
HOMES = row_of_buildings(("residential", "office")).assign(residents=[1000.0, 0.0])
WAYS = ("untreated", "septic_tank", "septic_tank_to_land", "plant", "plant_with_nitrogen_removal")


def found(*, treated: str = "outside", **given: dict[str, float]) -> Wastewater:
    rows: dict[str, Any] = {name: resolve(name, region="CN-ZJ") for name in FACTORS} | given
    return wastewater(buildings=HOMES, p=WastewaterParams.model_validate({"treated": treated}), **rows)


def gases(way: str) -> tuple[float, float]:
    """Return CH4 and N2O of one resident whose wastewater is treated in one way [kg a year]."""
    gas = found(wastewater_treatment={way: 1.0}).outside
    assert gas is not None
    return float(gas.wastewater_methane["b0"]) / 1000, float(gas.wastewater_nitrous_oxide["b0"]) / 1000


def test_amounts() -> None:
    assert found().wastewater_flow["b0"] == pytest.approx(1000 * 0.17 * 365)
    assert found().wastewater_bod["b0"] == pytest.approx(1000 * 0.04 * 365)
    assert found().wastewater_flow["b1"] == 0.0


def test_plant_by_hand() -> None:
    """40 g BOD and 94 g protein a day: MCF 0.03 in the plant, a tenth of BOD and a fifth of nitrogen discharged."""
    methane, nitrous = gases("plant_with_nitrogen_removal")
    assert methane == pytest.approx(14.6 * 0.6 * (0.03 + 0.1 * 0.11))
    assert nitrous == pytest.approx(0.094 * 365 * 0.16 * 44 / 28 * (0.016 + 0.2 * 0.005))


def test_septic_tank_by_hand() -> None:
    methane, nitrous = gases("septic_tank")
    assert methane == pytest.approx(14.6 * 0.6 * (0.5 + 0.375 * 0.11))
    assert nitrous == pytest.approx(0.094 * 365 * 0.16 * 44 / 28 * 0.85 * 0.005)


def test_a_way_of_the_study_counts_by_its_four_rows() -> None:
    process = dict(resolve("wastewater_process")) | {
        "pond/methane_correction": 0.2, "pond/bod_left": 0.0, "pond/nitrogen_left": 0.0, "pond/nitrous_oxide": 0.0,
    }  # fmt: skip
    gas = found(wastewater_treatment={"pond": 1.0}, wastewater_process=process).outside
    assert gas is not None
    assert gas.wastewater_methane["b0"] == pytest.approx(1000 * 14.6 * 0.6 * 0.2)


def test_treatment_inside_changes_the_scope_alone() -> None:
    far, near = found().outside, found(treated="inside").inside
    assert far is not None
    assert near is not None
    for one, other in zip(far, near, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("given", "needs"),
    [
        ({"wastewater_treatment": {"plant": 0.5}}, ("0.5", "合计")),
        ({"wastewater_treatment": {"river": 1.0}}, ("river", "没有这种处理方式")),
        ({"wastewater_treatment": {"discharge": 1.0}}, ("discharge", "没有这种处理方式")),
        ({"wastewater_load": {"bod": -1.0}}, ("bod", "小于 0")),
        ({"wastewater_process": dict(resolve("wastewater_process")) | {"plant_with_nitrogen_removal/bod_left": 40.0}},
         ("40", "占比")),
    ],
)  # fmt: skip
def test_bad_rows_are_refused_in_both_languages(given: dict[str, Any], needs: tuple[str, str]) -> None:
    with pytest.raises(InputError) as told:
        found(**given)
    assert needs[0] in told.value.say("en")
    assert needs[1] in told.value.say("zh")


def test_figure(figure: Callable[[str], Path]) -> None:
    methane, nitrous = (np.array(values) for values in zip(*map(gases, WAYS), strict=True))
    names = [way.replace("_", " ") for way in WAYS]
    fig, axis = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
    axis.barh(names, 28 * methane, color="#8c6d4f", label="CH₄")
    axis.barh(names, 265 * nitrous, left=28 * methane, color="#4f7f8c", label="N₂O")
    axis.legend(frameon=False)
    axis.set_xlabel("kg CO₂e per resident and year (AR5)")
    axis.set_title("A resident's wastewater, all of it treated in one way", fontsize=10)
    fig.savefig(figure("lowcarbon.wastewater"), dpi=130)
    plt.close(fig)
