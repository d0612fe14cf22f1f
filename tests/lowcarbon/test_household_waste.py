from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.waste.household_waste import HouseholdWaste, HouseholdWasteParams, household_waste
from tests.energy_year import row_of_buildings

FACTORS = ("waste_generation", "waste_treatment", "landfill", "incineration", "biological_treatment")
HOMES = row_of_buildings(("residential", "office", "residential")).assign(residents=[1000.0, 0.0, 10.0])
AR5 = {"methane": 28.0, "nitrous_oxide": 265.0, "carbon": 1.0}


def rows(region: str = "CN-ZJ", **given: dict[str, float]) -> dict[str, Any]:
    return {name: resolve(name, region=region) for name in FACTORS} | given


def found(region: str = "CN-ZJ", *, treated: str = "outside", **given: dict[str, float]) -> HouseholdWaste:
    return household_waste(
        buildings=HOMES, p=HouseholdWasteParams.model_validate({"treated": treated}), **rows(region, **given)
    )


def equivalent(waste: HouseholdWaste, home: str = "b0") -> float:
    """Return the CO2 equivalent of a home's waste [kg a year]."""
    gases = (waste.outside or waste.inside)._asdict()  # type: ignore[union-attr]
    return sum(
        next(w for gas, w in AR5.items() if name.endswith(gas)) * float(each[home]) for name, each in gases.items()
    )


def test_each_way_by_hand() -> None:
    """1000 residents of 1 kg a day, by the guidelines' formulas typed in anew."""
    share = {"landfill": 0.4, "incineration": 0.3, "composting": 0.2, "digestion": 0.05, "recycling": 0.05}
    gas = found(waste_generation={"": 1.0}, waste_treatment=share).outside
    assert gas is not None
    assert gas.landfill_methane["b0"] == pytest.approx(365e3 * 0.4 * 0.15 * 0.5 * 1.0 * 0.5 * 16 / 12 * 0.9)
    assert gas.incineration_carbon["b0"] == pytest.approx(365e3 * 0.3 * 0.2 * 0.39 * 0.95 * 44 / 12)
    assert gas.incineration_nitrous_oxide["b0"] == pytest.approx(365e3 * 0.3 * 5e-5)
    assert gas.biological_methane["b0"] == pytest.approx(365e3 * (0.2 * 4e-3 + 0.05 * 0.8e-3))
    assert gas.biological_nitrous_oxide["b0"] == pytest.approx(365e3 * 0.2 * 0.24e-3)
    assert gas.landfill_methane["b1"] == 0.0


def test_recovered_gas_is_not_emitted() -> None:
    landfill = dict(resolve("landfill")) | {"recovered_share": 0.6}
    none, most = found("CN"), found("CN", landfill=landfill)
    assert none.outside is not None
    assert most.outside is not None
    assert most.outside.landfill_methane["b0"] == pytest.approx(0.4 * none.outside.landfill_methane["b0"])


def test_treatment_inside_changes_the_scope_alone() -> None:
    outside, inside = found(), found(treated="inside")
    assert (outside.inside, inside.outside) == (None, None)
    assert outside.outside is not None
    assert inside.inside is not None
    for far, near in zip(outside.outside, inside.inside, strict=True):
        np.testing.assert_array_equal(far, near)


def test_an_older_year_landfills_more() -> None:
    early, late = (resolve("waste_treatment", region="CN-JS", year=year)["landfill"] for year in (2018, 2025))
    assert (early, late) == (0.52, 0.125)


@pytest.mark.parametrize(("region", "year"), [("CN", 2018), ("CN", 2025), ("CN-ZJ-JX", 2025), ("CN-SH", 2025)])
def test_shipped_shares_sum_to_one(region: str, year: int) -> None:
    assert sum(resolve("waste_treatment", region=region, year=year).values()) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    ("given", "needs"),
    [
        ({"waste_treatment": {"landfill": 0.5, "incineration": 0.4}}, ("0.9", "合计")),
        ({"waste_treatment": {"landfill": 1.2, "incineration": -0.2}}, ("-0.2", "小于 0")),
        ({"waste_treatment": {"burning": 1.0}}, ("burning", "没有这种处理方式")),
        ({"waste_generation": {"": -1.0}}, ("-1", "小于 0")),
        ({"landfill": dict(resolve("landfill")) | {"oxidation": 1.5}}, ("1.5", "占比")),
        ({"landfill": {"degradable_carbon": 0.15}}, ("decomposed_share", "没有")),
    ],
)
def test_bad_rows_are_refused_in_both_languages(given: dict[str, Any], needs: tuple[str, str]) -> None:
    with pytest.raises(InputError) as told:
        found("CN", **given)
    assert needs[0] in told.value.say("en")
    assert needs[1] in told.value.say("zh")


def test_figure(figure: Callable[[str], Path]) -> None:
    ways = ("landfill", "incineration", "composting", "digestion")
    heights = [equivalent(found(waste_treatment={way: 1.0})) / 1000 for way in ways]
    mixes = {
        f"{name} mix": equivalent(found(region)) / 1000 for name, region in (("China", "CN"), ("Zhejiang", "CN-ZJ"))
    }
    fig, axis = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
    axis.barh([*ways, *mixes], [*heights, *mixes.values()], color=["#8c6d4f"] * 4 + ["#4f7f8c"] * 2)
    axis.set_xlabel("kg CO₂e per resident and year (AR5)")
    axis.set_title("A resident's waste, all of it treated in one way, and mixed", fontsize=10)
    fig.savefig(figure("lowcarbon.household_waste"), dpi=130)
    plt.close(fig)
