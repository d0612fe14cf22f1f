"""Energy and process emissions of industrial plants, from bills or output."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.emissions import (
    PLANT_CARBON,
    PLANT_HEAT_EMISSIONS,
    PLANT_METHANE,
    PLANT_NITROUS_OXIDE,
    PLANT_POWER_EMISSIONS,
    PROCESS_CARBON,
)
from citybraid.core.vocabulary.lowcarbon.industry import (
    BILLED_PLANTS,
    PLANT_COAL,
    PLANT_DIESEL,
    PLANT_ELECTRICITY,
    PLANT_ENERGY,
    PLANT_GAS,
    PLANT_HEAT,
    PLANT_OUTPUT,
    PLANT_POWER,
    PLANT_PRODUCT,
    PLANT_SECTOR,
    PLANT_STEAM,
    PLANT_USEFUL_HEAT,
    PLANT_YEAR,
)
from citybraid.lowcarbon.industry.plant_table import (
    FUELS,
    KG_IN_T,
    OTHER,
    Conversions,
    amounts,
    energy_of,
    one_year,
    process_products,
    sector_of,
)

TJ_IN_KWH = 3.6e-6


class IndustryParams(Params):
    factors: Literal["provincial", "ipcc"] = "provincial"
    """CO2 factors of fuels: provincial (provincial guidelines, with incomplete oxidation) or ipcc (2006 defaults)."""


class Burning(NamedTuple):
    """Emissions of fuels burnt [kg TJ-1]: CO2 by guideline and fuel, others by sector and fuel."""

    fuel_co2: Annotated[Factors, Fact("fuel_co2")]
    fuel_ch4: Annotated[Factors, Fact("fuel_ch4")]
    fuel_n2o: Annotated[Factors, Fact("fuel_n2o")]


class Industry(NamedTuple):
    plant_carbon: PLANT_CARBON
    plant_methane: PLANT_METHANE
    plant_nitrous_oxide: PLANT_NITROUS_OXIDE
    plant_power_emissions: PLANT_POWER_EMISSIONS
    plant_heat_emissions: PLANT_HEAT_EMISSIONS
    process_carbon: PROCESS_CARBON
    plant_energy: PLANT_ENERGY
    plant_power: PLANT_POWER
    plant_useful_heat: PLANT_USEFUL_HEAT
    billed_plants: BILLED_PLANTS


@model(
    version=1,
    cite="IPCC (2006), vol. 2, eq. 2.1 and table 2.3; vol. 3, ch. 2 to 4, tier 1; GPC (2014), ch. 6, 9",
    validity=(
        "A year's bills of each plant; fuels and heat left empty count as not used. Carbon that the process factor "
        "holds (coke of steel, gas of ammonia) must not stand in the bills too. Energy from output is that of a "
        "standard's limit, an upper value. Plants that supply the grid or gas are refused: users are counted by it."
    ),
)
def industry(
    plants: Annotated[
        View,
        Table(
            "plants",
            (PLANT_SECTOR,),
            optional=(
                PLANT_PRODUCT,
                PLANT_YEAR,
                PLANT_OUTPUT,
                PLANT_ELECTRICITY,
                PLANT_GAS,
                PLANT_COAL,
                PLANT_DIESEL,
                PLANT_STEAM,
                PLANT_HEAT,
            ),
        ),
    ],
    fuel_heat_value: Annotated[Factors, Fact("fuel_heat_value")],
    steam_heat: Annotated[Factors, Fact("steam_heat")],
    product_energy: Annotated[Factors, Fact("product_energy")],
    plant_boiler: Annotated[Factors, Fact("plant_boiler")],
    process_emission: Annotated[Factors, Fact("process_emission")],
    burning: Burning,
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")],
    heat_emission_factor: Annotated[Factors, Fact("heat_emission_factor")],
    p: IndustryParams,
) -> Industry:
    """Energy of plants by carrier, the gases of its use, and CO2 of processes [kg a year].

    Fuels burnt and processes are scope 1, electricity and heat bought scope 2. Raises InputError for an unknown
    sector or product, a negative amount, bills of several years, and a plant without bills and output.
    """
    sectors = sector_of(plants)
    products = process_products(plants, sectors)
    one_year(plants)
    conversions = Conversions(fuel_heat_value, steam_heat, product_energy)
    by_carrier, billed = energy_of(plants, products, conversions)
    fuels = tuple(FUELS.values())

    def burnt(rows: Factors, head: str) -> pd.Series:
        none = 0.0 * by_carrier["heat"]
        return sum((by_carrier[fuel] * (TJ_IN_KWH * rows[f"{head}/{fuel}"]) for fuel in fuels), none)

    useful = sum((by_carrier[fuel] * plant_boiler[fuel] for fuel in fuels), by_carrier["heat"])
    return Industry(
        plant_carbon=burnt(burning.fuel_co2, p.factors),
        plant_methane=burnt(burning.fuel_ch4, "industry"),
        plant_nitrous_oxide=burnt(burning.fuel_n2o, "industry"),
        plant_power_emissions=by_carrier["electricity"] * grid_emission_factor[""],
        plant_heat_emissions=by_carrier["heat"] * heat_emission_factor[""],
        process_carbon=_process(plants, products, process_emission),
        plant_energy=by_carrier.sum(axis=1),
        plant_power=by_carrier["electricity"],
        plant_useful_heat=useful,
        billed_plants=float(billed.sum()),
    )


def _process(plants: View, products: list[str], rows: Factors) -> pd.Series:
    """Return CO2 of processes [kg]; raises InputError where a product that emits has no output."""
    output = amounts(plants, "plant_output")
    emitted = np.zeros(len(plants))
    for at, product in enumerate(products):
        if product == OTHER:
            continue
        if np.isnan(output[at]):
            raise InputError("industry.no_output", plant=str(plants.index[at]), product=product)
        emitted[at] = KG_IN_T * output[at] * rows[product]
    return pd.Series(emitted, index=plants.index)
