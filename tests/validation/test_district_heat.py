"""District heat of homes in Xi'an beside what is metered in the north and the quota of GB/T 51161."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.lowcarbon.building_energy import BuildingEnergyParams
from tests.energy_year import energy, row_of_buildings

WEATHER = "data/epw/CHN_Shaanxi.Xian.570360_CSWD.epw"
METERED, INDOORS, OUTDOORS = 25.9, 21.04, 0.1
"""Mean heat of 265 residential buildings of Beijing in the season of 2012 [W m-2] at their mean air [degC]
(hvacjournal.cn, item 806, abstract), and the season's mean outdoors (JGJ 26-2010, recalled) [degC]."""
QUOTA = {"constraint": 0.21, "guide": 0.15}
"""Heat of buildings in Xi'an [GJ m-2] (GB/T 51161-2016, table 6.2.1, recalled)."""
NORTH = 5.95e9 / 15.6e9
"""Heat of all northern urban buildings, losses of networks in it [GJ m-2] (Tsinghua University 2024,
Decarbonize Urban Heating System, ch. 3: 5.95 billion GJ for 15.6 billion m2)."""
GJ = 277.8
"""[kWh]"""
YEARS = {"before 1996": 1985.0, "JGJ 26-1995": 2000.0, "JGJ 26-2010": 2014.0, "GB 55015": 2023.0}


@pytest.mark.case(WEATHER)
def test_homes_of_the_north_take_the_heat_that_is_metered(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Metered heat in Xi'an's weather: 25.9 W/m2 times 18 K less the season outdoors over Beijing's 20.94 K."""
    head = (cases / WEATHER).read_text(encoding="latin1").split("\n", 1)[0].split(",")
    raw = np.genfromtxt(cases / WEATHER, delimiter=",", skip_header=8, usecols=(6, 8, 13, 14, 15), encoding="latin1").T
    raw[1] /= 100
    names = ("dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal")
    given = {name: pd.Series(values) for name, values in zip(names, raw, strict=True)}
    place = dict(zip(("latitude", "longitude", "time_zone", "elevation"), map(float, head[6:10]), strict=True))
    season = np.r_[0 : 74 * 24, 318 * 24 : 365 * 24]
    metered = METERED * (18.0 - raw[0][season].mean()) / (INDOORS - OUTDOORS) * season.size / 1000
    found = {}
    for vintage, year in YEARS.items():
        home = row_of_buildings(("residential",), year=year)
        heat = energy(home, p=BuildingEnergyParams(climate_zone="2B"), **given, **place).district_heat
        found[vintage] = float((heat / home["floor_area"])["b0"])
    told = ", ".join(f"{vintage} {heat:.0f}" for vintage, heat in found.items())
    with capsys.disabled():
        sys.stdout.write(
            f"\nXi'an, heat of homes [kWh/m2 a]: {told}; metered in Beijing, in this weather {metered:.0f}; "
            f"quota {QUOTA['constraint'] * GJ:.0f}, guide {QUOTA['guide'] * GJ:.0f}; "
            f"north, with losses {NORTH * GJ:.0f}\n"
        )
    stock = np.mean([found[vintage] for vintage in ("before 1996", "JGJ 26-1995", "JGJ 26-2010")])
    assert stock == pytest.approx(metered, rel=0.25)
    assert found["JGJ 26-2010"] < QUOTA["constraint"] * GJ < found["before 1996"] < NORTH * GJ
    assert found["GB 55015"] < QUOTA["guide"] * GJ
