"""Waste, wastewater and changed land of the demo: from people, areas by cover and printed factors, with a pencil.

39 710 people of 0.98 kg a day make 14.2 kt of waste, 91.3 % of it incinerated: 3.9 kt CO2e, 99 kg a person, 276 kg a
tonne. China's cities: 191 (2021) to 310 kg a tonne (2018), from 47.6 and 70.6 Mt (Ma et al. 2024) over what NBS counts
as collected, 249 and 228 Mt. Wastewater: 48.7 kg a person; on site in China 57 % of 67.07 Mt in 2017 (Sci. Total
Environ. 876: 162597), over 813 million city dwellers 47.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from citybraid.study.run.run import Run
from tests.plausibility.test_carbon import total

pytestmark = pytest.mark.slow

METHANE, NITROUS = 28.0, 265.0
"""AR5."""
PER_TONNE = (47.6e3 / 248.7, 70.6e3 / 228.0)
"""Published emissions of waste [kg CO2e per tonne]."""
ON_SITE = 0.57 * 67.07e9 / 813.5e6
"""Published emissions of wastewater on site [kg CO2e per city dweller]."""
GASES = {
    "incineration_carbon": 1.0, "incineration_nitrous_oxide": NITROUS, "biological_methane": METHANE,
    "biological_nitrous_oxide": NITROUS, "landfill_methane": METHANE,
}  # fmt: skip


@pytest.mark.parametrize("alternative", ["as_is", "as_planned"])
def test_waste_of_residents(ran: Run, alternative: str) -> None:
    people = total(ran, alternative, "residents")
    waste = people * 0.98 * 365
    burnt = 0.913 * waste * (0.2 * 0.39 * 0.95 * 44 / 12 + 5e-5 * NITROUS)
    composted = 0.087 * waste * (4e-3 * METHANE + 0.24e-3 * NITROUS)
    got = sum(weight * total(ran, alternative, gas) for gas, weight in GASES.items())
    assert got == pytest.approx(burnt + composted, rel=1e-9)
    assert total(ran, alternative, "landfill_methane") == 0.0  # Zhejiang landfills nothing since 2021
    assert PER_TONNE[0] < 1e3 * got / waste < PER_TONNE[1]


@pytest.mark.parametrize("alternative", ["as_is", "as_planned"])
def test_wastewater_of_residents(ran: Run, alternative: str) -> None:
    people = total(ran, alternative, "residents")
    methane = people * 0.04 * 365 * 0.6 * (0.981 * (0.03 + 0.1 * 0.11) + 0.019 * 0.11)
    nitrous = people * 0.094 * 365 * 0.16 * 44 / 28 * (0.981 * (0.016 + 0.2 * 0.005) + 0.019 * 0.005)
    assert total(ran, alternative, "wastewater_methane") == pytest.approx(methane, rel=1e-9)
    assert total(ran, alternative, "wastewater_nitrous_oxide") == pytest.approx(nitrous, rel=1e-9)
    assert 0.8 * ON_SITE < (METHANE * methane + NITROUS * nitrous) / people < 1.2 * ON_SITE


def cells(ran: Run, alternative: str) -> NDArray[np.int64]:
    """Return the code of each cell's cover."""
    found: NDArray[np.int64] = ran.value(ran.layers(alternative)["land_cover"][""]).to_numpy().astype(np.int64)
    return found


def summed(ran: Run, alternative: str, name: str) -> float:
    layer = ran.layers(alternative)[name][""]
    assert layer.grid is not None
    return float(np.nansum(ran.value(layer).to_numpy())) * layer.grid.resolution.x**2


def test_methane_of_waters(ran: Run) -> None:
    cover, layer = cells(ran, "as_is"), ran.layers("as_is")["land_cover"][""]
    assert layer.grid is not None
    mine = (float((cover == 80).sum()) * 3.1e-6 + float((cover == 90).sum()) * 1.6e-6) * 8760
    mine *= layer.grid.resolution.x**2
    assert summed(ran, "as_is", "wetland_methane") == pytest.approx(mine, rel=1e-9)


def test_the_existing_state_has_no_change_of_land_and_the_plan_that_of_its_areas(ran: Run) -> None:
    """Stocks of biomass and soil [tC/ha] as printed; soil that is sealed loses a fifth, which opened soil regains."""
    assert summed(ran, "as_is", "land_carbon_loss") == summed(ran, "as_is", "land_carbon_gain") == 0.0
    sealed = (50, 51, 52)
    plants = {10: 30.29, 20: 12.39, 30: 11.86, 40: 3.75, 60: 0.0} | dict.fromkeys(sealed, 0.0)
    soil = {10: 90.51, 20: 80.5, 30: 85.4, 40: 76.83, 60: 40.9}
    before, after = (cells(ran, alternative) for alternative in ("as_is", "as_planned"))
    grown, rooted, opened = (
        [np.vectorize(lambda code, of=of: of.get(code, np.nan))(each) for each in (before, after)]
        for of in (plants, soil, soil | dict.fromkeys(sealed, 0.0))
    )
    shut = [np.isin(each, sealed) for each in (before, after)]
    ground = rooted[1] - rooted[0]
    ground = np.where(shut[1], -0.2 * opened[0], np.where(shut[0], 0.2 * opened[1], ground))
    held = np.where(before == after, 0.0, grown[1] - grown[0] + np.where(shut[0] & shut[1], 0.0, ground))
    layer = ran.layers("as_planned")["land_cover"][""]
    assert layer.grid is not None
    area = layer.grid.resolution.x**2
    moved = float(np.nansum(held)) / 10 * 44 / 12 * area
    booked = 20 * sum(
        sign * summed(ran, "as_planned", name)
        for name, sign in (("land_carbon_gain", 1), ("biomass_growth", 1), ("land_carbon_loss", -1))
    )
    assert abs(moved) > 1e5, "the plan paves farmland"
    assert booked == pytest.approx(moved, rel=1e-6)
    lost = area * float(((before != after) & ~np.isfinite(held)).sum())
    assert float(ran.value(ran.layers("as_planned")["unknown_change"][""])) == pytest.approx(lost)
