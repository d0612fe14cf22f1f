"""Sums of the demo's low-carbon chapter by another route, each asked of the command line on a case for a pencil.

What the chapter prints, redone: a hotel's lights and equipment are 20.1 and 21.9 kWh/m2; its 8 043 t of gas in homes
are 144.8 TJ, so 0.724 t of CH4 and 0.0145 t of N2O; energy of buildings costs what its kilowatt-hours do; a house
whose envelope is renewed by 2 % a year has saved 20 % of what all of it saves in 2035; a ward pays for air that comes
in at all hours.
"""

from pathlib import Path

import pytest

from tests.plausibility.plain_year import PLACE, still_year, weather_of
from tests.plausibility.test_carbon_by_pencil import HEADER, asked, column, labelled, pathway, squares, table

VOLUME = 20.0 * 20.0 * 18.0
"""Of the building that is asked for [m3]."""
FLOOR = 2400.0


def of_use(folder: Path, use: str, *, air: float, rows: str = "") -> Path:
    """Ask for a year of even air of six storeys of a use, with factor rows of its own."""
    house = table(folder, "house", squares(1), use=[use], floors=[6.0], height=[18.0], year=[2020],
                  floor_area=[FLOOR], residents=[0.0])  # fmt: skip
    year = still_year(folder / "year.epw", air=air)
    own = folder / "own.csv"
    own.write_text(HEADER + rows, encoding="utf-8")
    return asked(folder, "building_energy", "--buildings", house, *weather_of(year), *PLACE, "--climate-zone", "3A",
                 "--factors", str(own))  # fmt: skip


def test_a_hotel_is_lit_and_equipped_as_the_standard_s_table_says(tmp_path: Path) -> None:
    """GB 55015, App. C: 6 W of lights for 9.2 h a day, 15 W of equipment for 4 h; 30 m3 of air a guest at 0.24 W h/m3.

    Guests: 0.04 a square metre, 0.7 of them from 18:00 to 08:00 and 0.5 by day. A lift of 3750 kWh; 60.3 kWh of gas
    for hot water.
    """
    out = of_use(tmp_path, "hotel", air=20.0)
    lit = 6 * 0.1 + 8 * 0.3 + 2 * 0.5 + 0.6 + 4 * 0.9 + 0.8 + 2 * 0.1
    assert lit == pytest.approx(9.2)
    assert column(out, "lighting_electricity")[0] == pytest.approx(FLOOR * 6.0 * lit * 0.365)
    assert column(out, "equipment_electricity")[0] == pytest.approx(FLOOR * 15.0 * 5 * 0.8 * 0.365)
    guests = 14 * 0.7 + 10 * 0.5
    assert column(out, "fan_electricity")[0] == pytest.approx(FLOOR * 0.04 * guests * 30.0 * 0.24e-3 * 365)
    assert column(out, "lift_electricity")[0] == pytest.approx(3750.0)
    assert column(out, "hot_water_gas")[0] == pytest.approx(FLOOR * 60.3)
    assert (6.0 * lit * 0.365, 15.0 * 4 * 0.365) == pytest.approx((20.1, 21.9), abs=0.06), "as the chapter prints"


def test_a_ward_pays_for_air_that_comes_in_at_all_hours(tmp_path: Path) -> None:
    """One change an hour more in half a hospital at -5 degC outdoors and 22 indoors, from December to March.

    Half its volume, 0.335 W h m-3 K-1 of air, 27 K, 121 days: 94 MWh of heat.
    """
    row = "program_load,inpatient/air_change,{},,,,h-1,,,,user,by hand,\n"
    heat = [
        column(of_use(tmp_path, "hospital", air=-5.0, rows=row.format(rate)), "heating_demand")[0]
        for rate in (0.9, 1.9)
    ]
    mine = 0.5 * VOLUME * 0.335e-3 * 27.0 * 121 * 24
    assert heat[1] - heat[0] == pytest.approx(mine, rel=0.02)
    shipped = column(of_use(tmp_path, "hospital", air=-5.0), "heating_demand")[0]
    assert shipped == pytest.approx(heat[0], rel=1e-9), "0.9 is what is shipped"


def test_gas_of_homes_brings_methane_and_nitrous_oxide_too(tmp_path: Path) -> None:
    """IPCC 2006, stationary combustion in homes: 5 kg of CH4 and 0.1 kg of N2O a TJ; GB/T 51366: 55.54 t of CO2."""
    home = table(tmp_path, "home", squares(1), electricity=[0.0], district_heat=[0.0], gas=[1e6])
    out = asked(tmp_path, "building_emissions", "--buildings", home)
    assert column(out, "gas_emissions")[0] == pytest.approx(3.6 * 55.54e3, rel=1e-6)
    assert column(out, "gas_methane")[0] == pytest.approx(3.6 * 5.0)
    assert column(out, "gas_nitrous_oxide")[0] == pytest.approx(3.6 * 0.1)
    homes = 8043.0 / 55.54
    assert (5e-3 * homes, 0.1e-3 * homes) == pytest.approx((0.724, 0.01448), rel=1e-3), "as the chapter prints"


def test_energy_costs_what_its_kilowatt_hours_do(tmp_path: Path) -> None:
    """Shanghai: 0.61 and 0.777 CNY a kWh at home and at work, 0.277 and 0.282 for gas."""
    both = table(tmp_path, "both", squares(2), use=["residential", "office"], electricity=[1e5, 2e5],
                 district_heat=[0.0, 0.0], gas=[3e4, 1e4])  # fmt: skip
    out = asked(tmp_path, "energy_cost", "--buildings", both, "--region", "CN-SH")
    mine = [1e5 * 0.61 + 3e4 * 0.277, 2e5 * 0.777 + 1e4 * 0.282]
    assert column(out, "energy_cost") == pytest.approx(mine)


def test_a_tenth_year_of_retrofit_and_of_the_grid(tmp_path: Path) -> None:
    """2035: the grid is half as dirty, a fifth of the floor is renewed, each saving a fifth: 33.6 of 60 t."""
    course = labelled(pathway(tmp_path, lifetime=1e6, built=2020, rate="0.02"), "pathway_emissions")
    power, gas, renewed = 50e3 - 2.5e3 * 10, 10e3, 0.02 * 10
    assert course["2035"] == pytest.approx((power + gas) * (1 - 0.2 * renewed), rel=1e-3)
    assert course["2035"] == pytest.approx(33.6e3, rel=1e-3)
