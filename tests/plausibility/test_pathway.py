"""Pathway, embodied carbon and life cycle of the demo town, computed from its buildings by a pencil.

On the demo's 40 m cells: the pathway of the state as it is begins with the 147.5 kt of its accounts and ends, without
levers, there; the plan's ends with 184.8 kt. Existing buildings embody 298 kg m-2, below the 372 to 526 kg m-2 of
complete dwellings (doi:10.3390/su15075717). All seven wedges of the plan sum to the gap.
"""

import numpy as np
import pandas as pd
import pytest

from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

LEVERS = ("grid", "turnover", "retrofit", "heat_pumps", "electrification", "vehicles", "photovoltaics")
ALTERNATIVES = ["as_is", "as_planned", "scheme_a"]


def value(ran: Run, alternative: str, name: str) -> pd.Series:
    column: pd.Series = ran.value(ran.layers(alternative)[name][""])
    return column


def number(ran: Run, alternative: str, name: str) -> float:
    return float(ran.value(ran.layers(alternative)[name][""]))


def test_as_it_is_the_pathway_begins_with_the_accounts(ran: Run) -> None:
    total = number(ran, "as_is", "total_emissions")
    assert value(ran, "as_is", "pathway_emissions").iloc[0] == pytest.approx(total, rel=1e-9)


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_without_levers_it_ends_with_the_accounts_of_the_plan(ran: Run, alternative: str) -> None:
    total = number(ran, alternative, "total_emissions")
    assert value(ran, alternative, "pathway_reference").iloc[-1] == pytest.approx(total, rel=1e-9)


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_floor_area_is_that_of_the_place_and_its_balance_closes(ran: Run, alternative: str) -> None:
    floor, year = (value(ran, alternative, name) for name in ("floor_area", "year_built"))
    stock, built, gone = (value(ran, alternative, f"stock_{name}") for name in ("floor_area", "built", "demolished"))
    assert stock.iloc[0] == pytest.approx(floor[year <= 2025].sum(), rel=0.01), "some may lie outside the study area"
    assert stock.iloc[-1] == pytest.approx(floor.sum(), rel=0.01)
    assert stock.diff().iloc[1:].to_numpy() == pytest.approx((built - gone).iloc[1:].to_numpy(), abs=1e-3)


def test_retrofit_of_the_first_year_by_a_pencil(ran: Run) -> None:
    """2 % of what stands saves what keep, retrofit or rebuild has simulated of it, before the grid moves by a year.

    Alone it would save 2 % × Σ saving × what stands after a year, by a Weibull law of mean 34 years and shape 2.73
    (standard deviation 0.394 of the mean); its Shapley share differs by the others' few per cent.
    """
    year = value(ran, "as_is", "year_built")
    age, scale = 2025.0 - year.clip(upper=2025.0), 34.0 / 0.8896
    stands = np.exp((age / scale) ** 2.73 - ((age + 1.0) / scale) ** 2.73)
    saved = 0.02 * (value(ran, "as_is", "renewed_saving") * stands).sum()
    assert value(ran, "as_is", "wedge_retrofit")["2026"] == pytest.approx(saved, rel=0.08)


def test_savings_of_life_cycles_by_carrier_are_those_of_energy_by_printed_factors(ran: Run) -> None:
    """What a renewed envelope saves: a part of heating, cooling and fans, and nothing of cooking or hot water."""
    saved = {name: value(ran, "as_is", f"renewed_{name}_saving") for name in ("electricity", "heat", "gas")}
    whole = saved["electricity"] + saved["heat"] + saved["gas"]
    assert whole.to_numpy() == pytest.approx(value(ran, "as_is", "renewed_saving").to_numpy(), abs=1e-6)
    power, heat, cooling, fans = (
        value(ran, "as_is", f"{name}electricity") for name in ("", "heating_", "cooling_", "fan_")
    )
    factor = value(ran, "as_is", "electricity_emissions").sum() / power.sum()
    assert (saved["electricity"] <= factor * (heat + cooling + fans) + 1e-6).all()
    assert (saved["gas"] <= 0.21 * value(ran, "as_is", "heating_gas") + 1e-6).all()


def test_construction_of_the_first_year_by_a_pencil(ran: Run) -> None:
    """New buildings and demolition of 2026 at the means of their use, and a fiftieth of the retrofit."""
    use, area, year = (value(ran, "as_is", name) for name in ("building_use", "floor_area", "year_built"))
    frame = pd.DataFrame({
        "area": area, "new": value(ran, "as_is", "rebuild_embodied"), "gone": value(ran, "as_is", "demolition_carbon")
    }).groupby(use).sum()  # fmt: skip
    per_area = ((frame["new"] + frame["gone"]) / frame["area"]).agg(["min", "max"])
    torn = value(ran, "as_is", "stock_demolished")["2026"]
    assert torn == pytest.approx(value(ran, "as_is", "stock_built")["2026"], rel=1e-9), "no plan, so the area stays"
    moved = value(ran, "as_is", "renewed_saving").abs() > 1.0
    once = 0.02 * value(ran, "as_is", "retrofit_embodied")[moved & (year <= 2025)].sum()
    found = value(ran, "as_is", "pathway_construction")["2026"] - once
    assert per_area["min"] * torn - 0.05 * once <= found <= per_area["max"] * torn + 0.05 * once


def test_wedges_sum_to_the_gap(ran: Run) -> None:
    wedges = sum(value(ran, "as_planned", f"wedge_{lever}") for lever in LEVERS)
    gap = value(ran, "as_planned", "pathway_reference") - value(ran, "as_planned", "pathway_emissions")
    assert gap.to_numpy() == pytest.approx(np.asarray(wedges), rel=1e-9, abs=1e-3)


BUILDINGS = ("residential", "commercial", "industry")


def test_the_grid_of_2055_is_clean_so_what_is_left_is_travel_by_fuel_and_the_sink(ran: Run) -> None:
    travel = value(ran, "as_planned", "transport_emissions").sum()
    left = value(ran, "as_planned", "pathway_transport")["2060"]
    assert 0.1 * travel <= left <= 0.12 * travel, "90 % has become electric, all but the tail of the curve"
    lines = value(ran, "as_planned", "inventory_equivalent")
    burnt = [f"{sector}/1/{gas}/emission" for sector in BUILDINGS for gas in ("CO2", "CH4_fossil", "N2O")]
    gas = float(lines.reindex(burnt).sum())
    left = value(ran, "as_planned", "pathway_stationary")["2060"]
    assert 0.1 * gas <= left <= 0.125 * gas, "90 % of the gas has become electric, all but the tail of the curve"


def test_embodied_carbon_per_floor_area(ran: Run) -> None:
    """Masonry 292.0 before erection, frames 251.3, high buildings 295.5 kg m-2; sheds of industry 350."""
    per_area = value(ran, "as_is", "embodied_carbon").sum() / value(ran, "as_is", "floor_area").sum()
    assert 265 < per_area < 372


def test_a_building_of_each_option_by_a_pencil(ran: Run) -> None:
    """36 years of present heat and an index that falls by 0.0254 a year to 2030 and 0.02984 a year to 2055."""
    index = np.interp(np.arange(2025, 2061), [2020, 2030, 2055, 2060], [1.0, 0.746, 0.0, 0.0])
    power, heat, gas, once = (
        value(ran, "as_is", name)
        for name in ("electricity_emissions", "heat_emissions", "gas_emissions", "retrofit_embodied")
    )
    kept = power * (index / index[0]).sum() + (heat + gas) * 36
    assert value(ran, "as_is", "keep_carbon").to_numpy() == pytest.approx(kept.to_numpy(), rel=1e-9)
    # What a renewed envelope saves a year is simulated; it is a part of what heats and cools, none of gas for water.
    renewed, saved = (value(ran, "as_is", name) for name in ("retrofit_carbon", "renewed_saving"))
    least = kept - saved.clip(lower=0.0) * 36
    assert (renewed >= once + least - 1e-3).all()
    assert (renewed <= once + kept + saved.clip(upper=0.0).abs() * 36 + 1e-3).all()
    assert 0.0 < saved.sum() < 0.3 * (power + heat).sum()
