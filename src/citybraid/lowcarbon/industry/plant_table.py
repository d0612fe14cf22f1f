"""A table of plants: sectors and products by their names, and energy from bills or output."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.rows.carbon import IndustryProduct, IndustrySector
from citybraid.core.tables import read_table
from citybraid.core.var import Factors, View

Array = NDArray[np.float64]
FUELS = {"plant_gas": "natural_gas", "plant_coal": "raw_coal", "plant_diesel": "diesel"}
"""Columns of fuels, and the fuels of the factor tables."""
BILLS = ("plant_electricity", *FUELS, "plant_steam", "plant_heat")
CARRIERS = ("electricity", "heat", *FUELS.values())
OTHER = "other"
FIRST_YEAR, LAST_YEAR = 1990, 2100
KWH_IN_GJ = 1e3 / 3.6
KWH_IN_MJ = 1 / 3.6
KG_IN_T = 1e3


class Conversions(NamedTuple):
    """Heating values [MJ kg-1], gas [MJ m-3]; heat of steam [MJ kg-1]; energy of products by carrier [kWh t-1]."""

    value: Factors
    steam: Factors
    product: Factors


class PlantEnergy(NamedTuple):
    """Energy of plants by carrier [kWh], a column for each of CARRIERS, and whether it is billed."""

    by_carrier: pd.DataFrame
    billed: NDArray[np.bool_]


def sector_of(plants: View) -> list[IndustrySector]:
    """Return the division of each plant; raises InputError for one that the classification lacks or that supplies."""
    known = {name: row for row in read_table(IndustrySector) for name in (row.id, row.name_zh, row.name_en.casefold())}
    rows = []
    for plant, text in plants["plant_sector"].items():
        row = known.get(_plain(text))
        if row is None:
            raise InputError("industry.sector_unknown", plant=plant, got="" if pd.isna(text) else str(text))
        if row.supplier:
            raise InputError("industry.supplier", plant=plant, got=row.id)
        rows.append(row)
    return rows


def _plain(text: object) -> str:
    """Return a sector as the classification writes it: 'C 13', '13.0' and '3' are numbers of divisions."""
    plain = str(text).strip().casefold().removesuffix(".0")
    number = plain.removeprefix("b").removeprefix("c").removeprefix("d").strip()
    return number.zfill(2) if number.isdigit() else plain


def process_products(plants: View, sectors: list[IndustrySector]) -> list[str]:
    """Return each plant's product with process emissions, OTHER for none.

    Raises InputError where a plant's division can have process emissions and its product is not known.
    """
    known = {row.name.casefold(): row.product for row in read_table(IndustryProduct)}
    texts = _texts(plants, "plant_product")
    products = []
    for plant, text, sector in zip(plants.index, texts, sectors, strict=True):
        product = known.get(text.casefold())
        if product is None and sector.process:
            raise InputError(
                "industry.product_unknown", plant=plant, sector=sector.id, got=text, needs=sorted(set(known.values()))
            )
        products.append(product or OTHER)
    return products


def one_year(plants: View) -> None:
    """Raise InputError where plants state bills of several years, or of no year."""
    if "plant_year" not in plants:
        return
    years = sorted({int(year) for year in plants["plant_year"].dropna()})
    if years and not FIRST_YEAR <= years[0] <= years[-1] <= LAST_YEAR:
        raise InputError("industry.year", got=years, first=FIRST_YEAR, last=LAST_YEAR)
    if len(years) > 1:
        raise InputError("industry.years", got=years)


def energy_of(plants: View, products: list[str], conversions: Conversions) -> PlantEnergy:
    """Return the energy of plants by carrier, from bills, else from output times the product's energy.

    A plant with a bill must state its electricity; fuels and heat that it leaves empty count as not used. Raises
    InputError for a plant that has neither bills nor an output with rows.
    """
    bills = pd.DataFrame({name: amounts(plants, name) for name in BILLS}, index=plants.index)
    billed = bills.notna().any(axis=1).to_numpy()
    unknown = billed & bills["plant_electricity"].isna().to_numpy()
    if unknown.any():
        raise InputError("industry.no_electricity", count=int(unknown.sum()), first=str(plants.index[unknown][0]))
    used = bills.fillna(0.0)
    energy = pd.DataFrame({"electricity": used["plant_electricity"]})
    energy["heat"] = KWH_IN_GJ * (used["plant_heat"] + used["plant_steam"] * conversions.steam[""])
    for column, fuel in FUELS.items():
        mass = 1.0 if column == "plant_gas" else KG_IN_T
        energy[fuel] = used[column] * (mass * conversions.value[fuel] * KWH_IN_MJ)
    output = amounts(plants, "plant_output")
    table = energy.to_numpy(dtype=np.float64, copy=True)
    for at in np.flatnonzero(~billed).tolist():
        table[at] = _from_output(str(plants.index[at]), products[at], float(output[at]), conversions.product)
    return PlantEnergy(pd.DataFrame(table, index=plants.index, columns=list(CARRIERS)), billed)


def _from_output(plant: str, product: str, output: float, rows: Factors) -> list[float]:
    """Return the energy of an output by carrier [kWh]."""
    keys = [f"{product}/{carrier}" for carrier in CARRIERS]
    if np.isnan(output) or not any(key in rows for key in keys):
        raise InputError("industry.no_energy", plant=plant, product=product, needs=sorted(rows))
    return [output * rows[key] if key in rows else 0.0 for key in keys]


def amounts(plants: View, name: str) -> Array:
    """Return a column of amounts, NaN where there is none; raises InputError for one below 0."""
    if name not in plants:
        return np.full(len(plants), np.nan)
    values: Array = plants[name].to_numpy(dtype=np.float64)
    if (values < 0).any():
        at = int(np.flatnonzero(values < 0)[0])
        raise InputError("industry.negative", plant=str(plants.index[at]), column=name, got=float(values[at]))
    return values


def _texts(plants: View, name: str) -> list[str]:
    if name not in plants:
        return [""] * len(plants)
    return ["" if pd.isna(text) else str(text).strip() for text in plants[name]]
