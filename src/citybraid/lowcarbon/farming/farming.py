"""Emissions of villages' farming and stoves, with biogas from manure."""

from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.emissions import (
    BIOGAS_AVOIDED,
    LIVESTOCK_METHANE,
    LIVESTOCK_NITROUS_OXIDE,
    RICE_METHANE,
    SOIL_NITROUS_OXIDE,
    STOVE_CARBON,
    STOVE_METHANE,
    STOVE_NITROUS_OXIDE,
    STRAW_METHANE,
    STRAW_NITROUS_OXIDE,
)
from citybraid.core.vocabulary.lowcarbon.farming import (
    BIOGAS_MADE,
    BIOGAS_SHARE,
    BUFFALO,
    DAIRY_CATTLE,
    EARLY_RICE_AREA,
    GOATS,
    HOUSEHOLD_COAL,
    LATE_RICE_AREA,
    NITROGEN_FERTILISER,
    OTHER_CATTLE,
    PIGS,
    POULTRY,
    RICE_AREA,
    SHEEP,
    STRAW_BURNT,
    STRAW_FUEL,
)

RICE = {"rice_area": "single", "early_rice_area": "early", "late_rice_area": "late"}
ANIMALS = ("dairy_cattle", "other_cattle", "buffalo", "sheep", "goats", "pigs", "poultry")
DIGESTED = ("dairy_cattle", "other_cattle", "buffalo", "pigs")
"""Animals whose manure can go to digesters."""
OTHERS = ("nitrogen_fertiliser", "straw_burnt", "straw_fuel", "household_coal")
KG_IN_T = 1e3
N2O_PER_NITROGEN = 44.0 / 28.0
TJ_IN_MJ = 1e-6
COAL, LPG = "raw_coal", "lpg"


class Animals(NamedTuple):
    """Gases of animals and manure by animal [kg a head and year], and what digesters make of manure."""

    animal_gas: Annotated[Factors, Fact("animal_gas")]
    digester: Annotated[Factors, Fact("digester")]


class Stoves(NamedTuple):
    """Heating values and gases of fuels in stoves."""

    stove_fuel: Annotated[Factors, Fact("stove_fuel")]
    fuel_heat_value: Annotated[Factors, Fact("fuel_heat_value")]
    fuel_co2: Annotated[Factors, Fact("fuel_co2")]


class Farming(NamedTuple):
    rice_methane: RICE_METHANE
    soil_nitrous_oxide: SOIL_NITROUS_OXIDE
    straw_methane: STRAW_METHANE
    straw_nitrous_oxide: STRAW_NITROUS_OXIDE
    livestock_methane: LIVESTOCK_METHANE
    livestock_nitrous_oxide: LIVESTOCK_NITROUS_OXIDE
    stove_carbon: STOVE_CARBON
    stove_methane: STOVE_METHANE
    stove_nitrous_oxide: STOVE_NITROUS_OXIDE
    biogas_made: BIOGAS_MADE
    biogas_avoided: BIOGAS_AVOIDED


@model(
    version=1,
    cite="Guidelines for provincial greenhouse gas inventories (2011), ch. 3; IPCC (2006), vol. 4, ch. 2, 5, 10, 11",
    validity=(
        "Year-end animals as kept by farmers; mean paddy of the region, no water management apart. Nitrogen of manure "
        "and straw that goes to fields is left out. Digesters make the whole methane capacity of manure: an upper "
        "value. Carbon of straw and wood is not counted. Homes whose coal is given must not be modelled with gas heat."
    ),
)
def farming(
    villages: Annotated[
        View,
        Table(
            "villages",
            (BIOGAS_SHARE,),
            optional=(
                RICE_AREA,
                EARLY_RICE_AREA,
                LATE_RICE_AREA,
                DAIRY_CATTLE,
                OTHER_CATTLE,
                BUFFALO,
                SHEEP,
                GOATS,
                PIGS,
                POULTRY,
                NITROGEN_FERTILISER,
                STRAW_BURNT,
                STRAW_FUEL,
                HOUSEHOLD_COAL,
            ),
        ),
    ],
    paddy_methane: Annotated[Factors, Fact("paddy_methane")],
    soil_nitrogen: Annotated[Factors, Fact("soil_nitrogen")],
    straw_burning: Annotated[Factors, Fact("straw_burning")],
    animals: Animals,
    stoves: Stoves,
) -> Farming:
    """CH4 and N2O of fields, animals and stoves, CO2 of coal, and biogas [kg and m3 a year] by village.

    An empty amount is none. Raises InputError for an amount below 0, an unknown share, an animal or a rice crop
    without a factor, and a village of which nothing is given.
    """
    given = _amounts(villages)
    rice = sum((given[name] * paddy_methane[key] for name, key in RICE.items() if given[name].any()),
               0.0 * given["rice_area"])  # fmt: skip
    nitrogen = soil_nitrogen["direct"] + soil_nitrogen["volatilised"] * soil_nitrogen["deposited"]
    nitrogen += soil_nitrogen["leached"] * soil_nitrogen["leached_emission"]
    methane, nitrous, made = _animals(given, villages["biogas_share"], animals)
    digester, burnt = animals.digester, given["straw_burnt"]
    used = made * (1.0 - digester["leakage"])
    return Farming(
        rice_methane=rice,
        soil_nitrous_oxide=given["nitrogen_fertiliser"] * (KG_IN_T * nitrogen * N2O_PER_NITROGEN),
        straw_methane=burnt * straw_burning["methane"],
        straw_nitrous_oxide=burnt * straw_burning["nitrous_oxide"],
        livestock_methane=methane,
        livestock_nitrous_oxide=nitrous,
        **_stoves(given, stoves),
        biogas_made=made / digester["methane_share"],
        biogas_avoided=used * (digester["heat_value"] * TJ_IN_MJ * stoves.fuel_co2[f"provincial/{LPG}"]),
    )


def _amounts(villages: View) -> pd.DataFrame:
    """Return the villages' amounts, 0 where empty; raises InputError for one below 0, and an unknown share."""
    names = (*RICE, *ANIMALS, *OTHERS)
    table = pd.DataFrame({name: villages.get(name, np.nan) for name in names}, index=villages.index, dtype=np.float64)
    silent = table.isna().all(axis=1)
    if silent.any():
        raise InputError("farming.nothing", count=int(silent.sum()), first=str(villages.index[silent][0]))
    for name in names:
        low = table[name] < 0
        if low.any():
            first = villages.index[low][0]
            raise InputError("farming.negative", village=str(first), column=name, got=float(table[name][first]))
    unknown = villages["biogas_share"].isna()
    if unknown.any():
        raise InputError("farming.share", count=int(unknown.sum()), first=str(villages.index[unknown][0]))
    return table.fillna(0.0)


def _animals(given: pd.DataFrame, share: pd.Series, rows: Animals) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return CH4 and N2O of animals [kg], and methane that digesters make [m3].

    Digested manure emits what leaks from the digester instead of its methane in storage.
    """
    methane = nitrous = made = 0.0 * share
    for name in (name for name in ANIMALS if given[name].any()):
        heads = given[name]
        stored = heads * (1.0 - share) if name in DIGESTED else heads
        methane = methane + heads * rows.animal_gas[f"enteric/{name}"]
        methane = methane + stored * rows.animal_gas[f"manure/{name}"]
        nitrous = nitrous + stored * rows.animal_gas[f"nitrous_oxide/{name}"]
        if name in DIGESTED:
            made = made + heads * share * (rows.digester[f"{name}/solids"] * rows.digester[f"{name}/capacity"])
    return methane + made * (rows.digester["leakage"] * rows.digester["density"]), nitrous, made


def _stoves(given: pd.DataFrame, rows: Stoves) -> dict[str, Any]:
    """Return the gases of stoves; carbon of straw and wood grows again and is not counted."""
    coal = given["household_coal"] * (KG_IN_T * rows.fuel_heat_value[COAL] * TJ_IN_MJ)
    straw = given["straw_fuel"] * (KG_IN_T * rows.stove_fuel["straw/heat_value"] * TJ_IN_MJ)
    gases = {
        f"stove_{gas}": coal * rows.stove_fuel[f"coal/{gas}"] + straw * rows.stove_fuel[f"straw/{gas}"]
        for gas in ("methane", "nitrous_oxide")
    }
    return gases | {"stove_carbon": coal * rows.fuel_co2[f"provincial/{COAL}"]}
