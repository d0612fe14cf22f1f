"""Heat that ventilation of near-zero homes recovers, by an expert's arithmetic on one building in steady air.

A slab of 40 by 14 m and 19.2 m, 3 360 m2 of floor: 2.62 people in 95.7 m2 get 30 m3/h of air each, 2 755 m3/h through
fans of 0.45 W h/m3. Of what that air lacks in heat 70 % is recovered, in summer of its enthalpy; windows give the same
home 1.0 changes an hour less its leaks.
"""

import math

import numpy as np
import pandas as pd
import pytest

from citybraid.lowcarbon.building_energy import BuildingEnergy
from tests.energy_year import energy, factors, row_of_buildings

FLOOR, VOLUME, SURFACE = 3360.0, 10752.0, 2 * (40.0 + 14.0) * 19.2 + 2 * 560.0
FLOW = FLOOR * 0.82
"""Air through the fans [m3 h-1]."""
PRESSURE = 101325.0 * math.pow(1 - 2.25577e-5 * 4.0, 5.2559)
AIR = PRESSURE / (287.05 * 293.15) * 1006.0 / 3600.0 / 1000.0
"""Heat of a cubic metre of air [kWh m-3 K-1]."""
WINTER, SUMMER = 90 * 24, 78 * 24
"""Hours of the seasons: from 1 December on, and from 15 June on."""
STANDARD = "residential/nearly_zero/3/"
RECOVERED = {"none": 0.0, "half": 0.5, "most": 0.7}
ROOMS = ("living_b", "bedroom_b", "other_b")


def still(air: float, humidity: float = 0.5) -> BuildingEnergy:
    """Return a year without sun of three such homes in which recovery alone differs, kept at 18 and 26 degC."""
    given, hours = factors(), np.arange(8760)
    same = {key.removeprefix(STANDARD): value for key, value in given["envelope"].items() if key.startswith(STANDARD)}
    skins = {f"residential/{name}/3/{part}": value for name in RECOVERED for part, value in same.items()}
    skins |= {f"residential/{name}/3/heat_recovery": share for name, share in RECOVERED.items()}
    homes = row_of_buildings(("residential",) * 3, year=1990.0).assign(envelope_standard=list(RECOVERED))
    points = {f"{room}/{mode}/{hour:02d}": point for room in ROOMS for hour in range(24)
              for mode, point in (("heating", 18.0), ("cooling", 26.0))}  # fmt: skip
    dark = pd.Series(np.zeros(8760), hours)
    return energy(
        homes, set_point={**given["set_point"], **points},
        envelope={**given["envelope"], **skins}, physics={**given["physics"], "sky_depression": 0.0},
        dry_bulb=pd.Series(np.full(8760, air), hours), relative_humidity=pd.Series(np.full(8760, humidity), hours),
        global_horizontal=dark, direct_normal=dark, diffuse_horizontal=dark,
    )  # fmt: skip


def test_a_home_in_winter_saves_what_its_air_lacks_in_heat_and_pays_for_fans() -> None:
    """At -5 degC 23 K for 90 days: 0.7 of 2 755 m3/h against windows, whose air is 1.0 an hour less 0.12 of leaks.

    Fans run 168 days a year, in the seasons alone: 1.5 kWh a square metre.
    """
    found = still(-5.0)
    windows, half, most = found.heating_demand
    kelvin_hours = 23.0 * WINTER
    assert half - most == pytest.approx(0.2 * FLOW * AIR * kelvin_hours, rel=5e-3)
    aired = (1.0 - 0.07 * 6.0 * SURFACE / VOLUME) * VOLUME
    assert windows - most == pytest.approx((aired - 0.3 * FLOW) * AIR * kelvin_hours, rel=0.01)
    mine = FLOW * 0.45e-3 * (WINTER + SUMMER)
    of_residents = FLOOR * 2.62 / 95.7 * 30.0
    assert of_residents == pytest.approx(FLOW, rel=2e-3)
    assert mine / FLOOR == pytest.approx(1.49, abs=0.01)
    assert found.fan_electricity.tolist() == pytest.approx([0.0, mine, mine])
    assert found.energy_error < 1e-9


def moisture(air: float, share: float) -> float:
    """Return the water in air [kg kg-1], by Magnus."""
    vapour: float = share * 611.2 * math.exp(17.62 * air / (243.12 + air))
    return 0.622 * vapour / (PRESSURE - vapour)


def test_in_damp_heat_enthalpy_is_recovered() -> None:
    """34 degC and 60 %: 8 K and 7.6 g/kg above 26 degC and 60 %, as much as 27 K."""
    _, half, most = still(34.0, 0.6).cooling_demand
    above = 8.0 + 2.501e6 / 1006.0 * (moisture(34.0, 0.6) - moisture(26.0, 0.6))
    assert above == pytest.approx(26.9, abs=0.1)
    assert half - most == pytest.approx(0.2 * FLOW * AIR * above * SUMMER, rel=5e-3)


def test_air_that_is_cool_and_dry_passes_by_the_exchanger() -> None:
    """24 degC and 40 % hold less heat than a room at 26 degC and 60 %: what is recovered changes nothing."""
    _, half, most = still(24.0, 0.4).cooling_demand
    assert half == most > 0.0
