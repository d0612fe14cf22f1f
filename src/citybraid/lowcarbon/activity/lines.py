"""Lines of emissions: energy times factor for each gas, with the factor that was used."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.var import Factors
from citybraid.lowcarbon.potentials import potential

POWER, GREEN, HEAT = "electricity", "green_power", "heat"
KWH_IN_TJ = 1e6 / 3.6
METHANE = {"provincial": "CH4_fossil", "ipcc": "CH4"}
"""Methane of fuels by set of CO2 factors: `ipcc` counts all carbon as CO2, that of methane too."""
CONSUMED = ("year", "sector", "fuel", "energy")
ACTIVITY_COLUMNS = ("year", "sector", "scope", "gas", "fuel")


class CombustionFactors(NamedTuple):
    """Factors of fuels [kg TJ-1]: CO2 by set and fuel, methane and nitrous oxide by sector and fuel."""

    kind: str
    co2: Factors
    ch4: Factors
    n2o: Factors

    def of(self, sector: str, fuel: str) -> Iterator[tuple[str, float]]:
        """Yield each gas with its factor; raises InputError where a fuel or a sector has none."""
        yield "CO2", _known("fuel_co2", f"{self.kind}/{fuel}", self.co2)
        yield METHANE[self.kind], _known("fuel_ch4", f"{sector}/{fuel}", self.ch4)
        yield "N2O", _known("fuel_n2o", f"{sector}/{fuel}", self.n2o)


class GridFactors(NamedTuple):
    """Factors of electricity by year [kg kWh-1]: of the grid, of the residual mix; of heat [kg kWh-1]."""

    grid: Factors
    residual_mix: Factors
    heat: float

    def location(self, year: int) -> float:
        """Return the grid's factor of a year, else of the nearest one [kg TJ-1]."""
        return _nearest(self.grid, year) * KWH_IN_TJ

    def residual(self, year: int) -> float:
        """Return the factor of the residual mix of a year, else of the nearest one [kg TJ-1]."""
        return _nearest(self.residual_mix, year) * KWH_IN_TJ


def emission_lines(
    energy: pd.DataFrame, burnt: CombustionFactors, grids: GridFactors, *, report: str, gwp: Factors
) -> pd.DataFrame:
    """Return a row for each year, sector, scope, gas and fuel: energy [TJ], factor [kg TJ-1], mass and CO2e [kg].

    Green power is part of the electricity and has no line of its own.
    """
    rows = [
        (year, sector, scope, gas, fuel, used, factor)
        for year, sector, fuel, used in zip(*(energy[name] for name in CONSUMED), strict=True)
        for scope, gas, factor in _factors(year, sector, fuel, burnt, grids)
    ]
    lines = pd.DataFrame(rows, columns=[*ACTIVITY_COLUMNS, "energy", "factor"])
    lines["mass"] = lines["energy"] * lines["factor"]
    lines["co2e"] = lines["mass"] * [potential(str(gas), report, gwp) for gas in lines["gas"]]
    return lines.set_index(lines[[*ACTIVITY_COLUMNS]].astype(str).agg("/".join, axis=1).astype(object))


def _factors(
    year: int, sector: str, fuel: str, burnt: CombustionFactors, grids: GridFactors
) -> Iterator[tuple[int, str, float]]:
    if fuel == GREEN:
        return
    if fuel == POWER:
        yield 2, "CO2", grids.location(year)
        return
    if fuel == HEAT:
        yield 2, "CO2", grids.heat * KWH_IN_TJ
        return
    for gas, factor in burnt.of(sector, fuel):
        yield 1, gas, factor


def _known(name: str, key: str, factors: Factors) -> float:
    if key not in factors:
        raise InputError("activity.no_factor", factor=name, key=key, needs=sorted(factors))
    return factors[key]


def _nearest(by_year: Factors, year: int) -> float:
    return by_year[min(by_year, key=lambda key: (abs(int(key) - year), key))]
