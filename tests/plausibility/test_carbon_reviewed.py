"""Numbers of the low-carbon chapter as a reviewer adds them up: from the layers, printed constants and a pencil.

On the demo's 5 m cells: 180 983 MWh bought at 0.4974 are 90 021 t; 0.171 kg a kilometre of car; 74 kWh of energy a
square metre; 1 006 h of roofs; 398 kt that scheme A saves over 36 years without levers; 114 kt that it embodies, paid
back in 9.5 years; homes above 30 degC for 1 414 h, new ones for 1 509 h.
"""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.carbon.grid_ledger import grid_ledger
from citybraid.report.carbon.hotter_homes import why_hotter
from citybraid.report.carbon.measures_carbon import carbon_of_measures
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.view import View
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

GRID = 0.4974
"""kg CO2 per kWh in Zhejiang, 2023 (MEE and NBS notice 2025 no. 47, table 3)."""
OTHER_GRIDS = {0.55, 0.5306, 0.6096}
"""East China, the nation, and the nation without market-traded non-fossil power, in the same notice."""
GAS = 0.2020
"""kg CO2 per kWh of natural gas: 15.3 kg of carbon per GJ, 99 % oxidised (guideline of provincial inventories)."""
CAR = (0.13, 0.20)
"""kg CO2 a kilometre of passenger cars in China: 6.5 to 8.5 L of petrol per 100 km, a few per cent electric."""
FULL_HOURS = (900.0, 1150.0)
"""Hours of full sun of roofs in northern Zhejiang."""
EMBODIED = {"envelope_retrofit": 70.0, "rooftop_pv": 1113.0, "green_roof": 25.2}
"""kg CO2e per m2 of floor, per kW and per m2 (GB/T 51366-2019; IEA PVPS 2021; Kuronuma et al. 2018)."""


def value(ran: Run, alternative: str, name: str) -> pd.Series:
    column: pd.Series = ran.value(ran.layers(alternative)[name][""])
    return column


def inventory(ran: Run, alternative: str) -> float:
    return float(value(ran, alternative, "inventory_equivalent").sum())


def test_bought_power_times_each_published_factor(ran: Run) -> None:
    """What is bought is what buildings import and vehicles charge: each row of the table is it times its factor."""
    bought = float(value(ran, "as_is", "area_import").sum())
    bought += float(value(ran, "as_is", "travel_electricity_emissions").sum()) / GRID
    (table,) = (block for block in grid_ledger(View(ran)) if isinstance(block, Table))
    told = dict(zip(table.frame["factor"].round(4), table.frame["electricity"], strict=True))
    assert {*told} >= OTHER_GRIDS
    for factor in OTHER_GRIDS:
        assert told[factor] == pytest.approx(factor * bought / 1e3, rel=1e-4)


def test_a_kilometre_of_car_emits_what_cars_burn(ran: Run) -> None:
    driven = value(ran, "as_is", "car_distance")
    burnt = 0.161 * 0.9374 * value(ran, "as_is", "car_fuel_ratio").fillna(1.0) + 0.15 * GRID * 0.0626
    a_km = float((driven * burnt).sum() / driven.sum())
    assert CAR[0] < a_km < CAR[1]
    road = float(
        (value(ran, "as_is", "transport_emissions") + value(ran, "as_is", "travel_electricity_emissions")).sum()
    )
    assert 0.75 < a_km * float(driven.sum()) / road < 0.95, "the rest is that of buses and e-bikes"


def test_energy_a_square_metre_from_the_emissions_backwards(ran: Run) -> None:
    area = float(value(ran, "as_is", "floor_area").sum())
    power = float(value(ran, "as_is", "electricity_emissions").sum()) / GRID
    gas = float(value(ran, "as_is", "gas_emissions").sum()) / GAS
    units = ran.table("units/as_is")
    assert units is not None
    mine = (power + gas) / area
    assert 55.0 < mine < 95.0
    assert float(units["energy_intensity"][WHOLE_AREA]) == pytest.approx(mine, rel=0.02)


def test_roofs_take_from_the_grid_what_they_serve_and_avoid_what_they_sell(ran: Run) -> None:
    own, sold = (float(value(ran, "scheme_a", f"area_{name}").sum()) for name in ("self_used", "export"))
    lines = value(ran, "scheme_a", "inventory_equivalent")
    avoided = -float(lines[lines.index.str.endswith("/avoided")].sum())
    assert avoided == pytest.approx(GRID * sold, rel=1e-6)
    costs = ran.table("costs")
    assert costs is not None
    capacity = float(costs.set_index(["alternative", "measure"])["quantity"]["scheme_a", "rooftop_pv"])
    assert FULL_HOURS[0] < (own + sold) / capacity < FULL_HOURS[1]


def test_what_a_scheme_saves_over_all_years_without_levers(ran: Run) -> None:
    """A fifth of its saving more each year to 2030, then all of it for thirty years: 33 years of it."""
    saved = inventory(ran, "as_planned") - inventory(ran, "scheme_a")
    sums = [float(value(ran, name, "pathway_reference").sum()) for name in ("as_planned", "scheme_a")]
    assert sums[0] - sums[1] == pytest.approx(33.0 * saved, rel=1e-9)
    start, after = inventory(ran, "as_is"), inventory(ran, "as_planned")
    assert sums[0] == pytest.approx(sum(start + (after - start) * at / 5 for at in range(5)) + 31 * after, rel=1e-9)


def test_what_measures_embody_and_the_years_that_make_up_for_it(ran: Run) -> None:
    costs = ran.table("costs")
    assert costs is not None
    own = costs[costs["alternative"] == "scheme_a"].set_index("measure")
    mine = sum(float(own["quantity"][name]) * each for name, each in EMBODIED.items()) / 1e3
    (table,) = (block for block in carbon_of_measures(View(ran)) if isinstance(block, Table))
    named = [in_words(each, "en") for each in table.frame["alternative"]]
    row = table.frame.iloc[named.index("Scheme A: roofs and envelopes")]
    assert row["embodied"] == pytest.approx(mine, rel=1e-6)
    saved = (inventory(ran, "as_planned") - inventory(ran, "scheme_a")) / 1e3
    assert row["saved"] == pytest.approx(saved, rel=1e-3)
    assert row["years"] == pytest.approx(mine / saved, rel=1e-3)
    other = table.frame.iloc[named.index("Scheme B: ground, streets, drains and warnings")]
    assert "Flood early warning" in in_words(other["bare"], "en")
    assert np.isnan(other["years"])


def test_why_homes_are_hotter_adds_up(ran: Run) -> None:
    """The mean of all homes is that of its kinds, weighted by residents: as they were, renewed, new."""
    before, after = (value(ran, name, "hours_above_30").dropna() for name in ("as_is", "scheme_a"))
    people = value(ran, "scheme_a", "residents").reindex(after.index).fillna(0.0)
    standard = value(ran, "scheme_a", "envelope_standard").reindex(after.index)
    new = ~after.index.isin(before.index)
    renewed = ~new & (standard != "as_built").to_numpy()
    kinds = {"new": new, "renewed": renewed, "kept": ~new & ~renewed}
    means = {name: float((after * people)[rows].sum() / people[rows].sum()) for name, rows in kinds.items()}
    weight = {name: float(people[rows].sum() / people.sum()) for name, rows in kinds.items()}
    whole = sum(means[name] * weight[name] for name in kinds)
    was = float((before.reindex(after.index[renewed]) * people[renewed]).sum() / people[renewed].sum())
    assert means["renewed"] > was + 50.0, "insulation keeps heat in"
    peak = [value(ran, name, "blackout_peak").reindex(after.index[renewed]) for name in ("as_is", "scheme_a")]
    assert float((peak[1] - peak[0]).mean()) < -0.5, "and out, when it is hottest"
    (said,) = (block for block in why_hotter(View(ran)) if isinstance(block, Paragraph))
    text = in_words(said.text, "en")
    for hours in (whole, means["renewed"], was, means["new"]):
        assert f"{hours:,.0f} h" in text
