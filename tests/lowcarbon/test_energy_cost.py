"""What energy costs, by hand."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.energy_cost import energy_cost
from citybraid.lowcarbon.energy_preconditions import heat_priced
from citybraid.planning.rows import yearly_energy_bills
from tests.energy_year import row_of_buildings

PRICES = resolve("energy_price", region="CN-SH")
USES = ("residential", "hotel", "industrial")


def taken(**changed: list[float]) -> pd.DataFrame:
    amounts = {"electricity": [1e4, 5e4, 2e5], "gas": [4e3, 3e4, 0.0], "district_heat": [0.0, 0.0, 0.0]}
    table: pd.DataFrame = row_of_buildings(USES).assign(**(amounts | changed))
    return table


def test_by_hand_in_shanghai() -> None:
    """Homes 10 MWh at 0.61 and 4 MWh of gas at 0.277; hotels as public uses; industry has its own price."""
    found = energy_cost(buildings=taken(), energy_price=PRICES).energy_cost
    assert found.to_list() == pytest.approx([1e4 * 0.61 + 4e3 * 0.277, 5e4 * 0.777 + 3e4 * 0.282, 2e5 * 0.666])


def test_a_row_of_the_use_goes_first() -> None:
    rows = {**PRICES, "electricity/hotel": 1.0}
    assert energy_cost(buildings=taken(), energy_price=rows).energy_cost["b1"] == pytest.approx(5e4 + 3e4 * 0.282)


def test_what_generation_serves_is_not_paid() -> None:
    found = energy_cost(buildings=taken(grid_import=[6e3, 5e4, 2e5]), energy_price=PRICES).energy_cost
    assert found["b0"] == pytest.approx(6e3 * 0.61 + 4e3 * 0.277)


def test_a_price_that_is_needed_and_missing_is_named() -> None:
    with pytest.raises(InputError, match="district_heat/residential"):
        energy_cost(buildings=taken(district_heat=[1.0, 0.0, 0.0]), energy_price=PRICES)


def test_a_price_of_heat_is_asked_for_before_anything_is_simulated() -> None:
    """As soon as a home is stated to be on a network, by a file or a measure; other uses need none."""
    connected = taken().assign(heating_system=["district_heat", "as_built", "as_built"])
    priced = {**PRICES, "district_heat/residential": 0.2}
    for check in (heat_priced, energy_cost):
        with pytest.raises(InputError, match="district_heat/residential"):
            check(buildings=connected, energy_price=PRICES)
    heat_priced(buildings=connected, energy_price=priced)
    heat_priced(buildings=connected.drop(columns="building_use"), energy_price=PRICES)
    heat_priced(buildings=taken(), energy_price=PRICES)


def test_the_bill_is_an_indicator_in_ten_thousands() -> None:
    assert yearly_energy_bills() == {"energy_cost": pytest.approx(1e4)}


def test_figure(figure: Callable[[str], Path]) -> None:
    parts = {
        name: energy_cost(
            buildings=taken(**{other: [0.0] * 3 for other in ("electricity", "gas") if other != name}),
            energy_price=PRICES,
        ).energy_cost
        for name in ("electricity", "gas")
    }
    drawn, axis = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    pd.DataFrame(parts).set_axis(list(USES)).plot.barh(stacked=True, ax=axis, color=["#2c6e8f", "#d98c3f"])
    axis.set_xlabel("energy cost [CNY year⁻¹]")
    drawn.supxlabel("made-up amounts of three buildings at prices of Shanghai", x=0.01, ha="left", fontsize=7)
    path = figure("lowcarbon.energy_cost")
    drawn.savefig(path, dpi=110)
    plt.close(drawn)
    assert path.stat().st_size > 5000


def test_jiangsu_has_prices_of_its_own() -> None:
    """Suzhou's list of 2018: 0.5283 and 0.7757 CNY; gas of Nantong 2.68 CNY over 10.81 kWh a cubic metre."""
    rows = resolve("energy_price", region="CN-JS")
    found = energy_cost(buildings=taken(), energy_price=rows).energy_cost
    here = energy_cost(buildings=taken(), energy_price=PRICES).energy_cost
    assert (found != here).all()
    assert rows["electricity/public"] / rows["electricity/residential"] == pytest.approx(0.7757 / 0.5283)
    assert rows["gas/residential"] == pytest.approx(2.68 / (38.931 / 3.6), rel=0.005), "CNY per m3 over its heat"
