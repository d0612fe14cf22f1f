"""Emissions from a city's energy statistics: by year, sector, scope, gas and fuel."""

from typing import Annotated, Literal, NamedTuple

import pandas as pd
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.lowcarbon.activity import (
    ACTIVITY_CONSUMED,
    ACTIVITY_EMITTED,
    ACTIVITY_ENERGY,
    ACTIVITY_EQUIVALENT,
    ACTIVITY_FACTOR,
    ACTIVITY_GENERATION,
    ACTIVITY_MARKET_TOTAL,
    ACTIVITY_MASS,
    ACTIVITY_TOTAL,
    ACTIVITY_VOLUME,
    ACTIVITY_YEAR,
)
from citybraid.lowcarbon.activity.lines import GREEN, POWER, CombustionFactors, GridFactors, emission_lines
from citybraid.lowcarbon.activity.statistics import HeatFactors, consumption

MWH = 3.6e-3
"""Terajoules in a megawatt-hour."""


class ActivityEmissionsParams(Params):
    gwp: Literal["AR4", "AR5", "AR6"] = "AR5"
    """IPCC report whose global warming potentials over 100 years weigh methane and nitrous oxide."""
    factors: Literal["provincial", "ipcc"] = "provincial"
    """CO2 factors of fuels: provincial (provincial guidelines, with incomplete oxidation) or ipcc (2006 defaults)."""
    year: int | None = Field(None, ge=1900, le=2100)
    """Year of the totals; the newest in the activity data where not given."""


class ActivityEmissions(NamedTuple):
    activity_consumed: ACTIVITY_CONSUMED
    activity_factor: ACTIVITY_FACTOR
    activity_emitted: ACTIVITY_EMITTED
    activity_equivalent: ACTIVITY_EQUIVALENT
    activity_year: ACTIVITY_YEAR
    activity_total: ACTIVITY_TOTAL
    activity_market_total: ACTIVITY_MARKET_TOTAL
    activity_generation: ACTIVITY_GENERATION


@model(
    version=2,
    cite=(
        "GPC (2014), Global Protocol for Community-Scale Inventories, ch. 5 and 6; "
        "IPCC (2006), vol. 2, eq. 2.1; Guidelines for provincial greenhouse gas inventories (2011), ch. 1"
    ),
    validity=(
        "Consumption of fuels burnt: feedstock and bunker fuels must not be in the table. Plants that feed the grid "
        "are listed but not added, since the electricity that the city uses is. Years without a grid factor take "
        "that of the nearest year."
    ),
)
def activity_emissions(
    activity_mass: ACTIVITY_MASS,
    activity_volume: ACTIVITY_VOLUME,
    activity_energy: ACTIVITY_ENERGY,
    fuel_heat_value: Annotated[Factors, Fact("fuel_heat_value")],
    fuel_density: Annotated[Factors, Fact("fuel_density")],
    fuel_co2: Annotated[Factors, Fact("fuel_co2")],
    fuel_ch4: Annotated[Factors, Fact("fuel_ch4")],
    fuel_n2o: Annotated[Factors, Fact("fuel_n2o")],
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor", by_year=True)],
    residual_grid_factor: Annotated[Factors, Fact("residual_grid_factor")],
    heat_emission_factor: Annotated[Factors, Fact("heat_emission_factor")],
    gwp: Annotated[Factors, Fact("gwp")],
    p: ActivityEmissionsParams,
) -> ActivityEmissions:
    """Energy times emission factor, by line of the inventory and year [kg a year].

    Fuels are burnt in the area (scope 1); electricity and heat come from grids (scope 2). Electricity counts at the
    grid's factor (location-based); for the market-based total the green part counts nothing and the rest the
    residual mix. Raises InputError where a fuel or a sector has no factor, or the year no data.
    """
    energy = consumption(activity_mass, activity_volume, activity_energy, HeatFactors(fuel_heat_value, fuel_density))
    burnt = CombustionFactors(p.factors, fuel_co2, fuel_ch4, fuel_n2o)
    grids = GridFactors(grid_emission_factor, residual_grid_factor, heat_emission_factor[""])
    lines = emission_lines(energy, burnt, grids, report=p.gwp, gwp=gwp)
    year = _year(energy, p.year)
    now = lines[lines["year"] == year]
    plants = (now["sector"] == "energy_industry") & (now["scope"] == 1)
    counted = now[~plants]
    total = float(counted["co2e"].sum())
    return ActivityEmissions(
        activity_consumed=lines["energy"],
        activity_factor=lines["factor"],
        activity_emitted=lines["mass"],
        activity_equivalent=lines["co2e"],
        activity_year=float(year),
        activity_total=total,
        activity_market_total=total + _market_difference(energy, year, grids),
        activity_generation=float(now.loc[plants, "co2e"].sum()),
    )


def _year(energy: pd.DataFrame, year: int | None) -> int:
    years = sorted(set(energy["year"]))
    if year is not None and year not in years:
        raise InputError("activity.year_absent", got=year, needs=years)
    return int(years[-1]) if year is None else year


def _market_difference(energy: pd.DataFrame, year: int, grids: GridFactors) -> float:
    """Return market-based less location-based emissions of a year's electricity [kg].

    Raises InputError where more green power is bought than electricity used.
    """
    now = energy[energy["year"] == year]
    used, green = (float(now.loc[now["fuel"] == fuel, "energy"].sum()) for fuel in (POWER, GREEN))
    if green > used * (1 + 1e-9):
        raise InputError("activity.green_exceeds", green=round(green / MWH), used=round(used / MWH), year=year)
    return (used - green) * grids.residual(year) - used * grids.location(year)
