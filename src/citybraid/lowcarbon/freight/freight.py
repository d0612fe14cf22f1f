"""Emissions of goods that sites send and receive."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.rows.carbon import FreightVehicle
from citybraid.core.tables import read_table
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.emissions import (
    FREIGHT_EMISSIONS,
    FREIGHT_OUTSIDE_EMISSIONS,
    RAIL_FREIGHT_EMISSIONS,
    WATERBORNE_FREIGHT_EMISSIONS,
)
from citybraid.core.vocabulary.lowcarbon.freight import FREIGHT_DISTANCE, FREIGHT_MASS, FREIGHT_VEHICLE, FREIGHT_WORK

M_IN_KM = 1e3
RAIL, BARGE = "rail", "barge"


class FreightParams(Params):
    inside: float = Field(ge=0.0, le=1.0)
    """Share of the distance by road within the study area: scope 1; the rest is scope 3."""


class Freight(NamedTuple):
    freight_work: FREIGHT_WORK
    freight_emissions: FREIGHT_EMISSIONS
    freight_outside_emissions: FREIGHT_OUTSIDE_EMISSIONS
    rail_freight_emissions: RAIL_FREIGHT_EMISSIONS
    waterborne_freight_emissions: WATERBORNE_FREIGHT_EMISSIONS


@model(
    version=2,
    cite="GB/T 51366-2019, table E.0.1; GPC (2014), ch. 7.3: transboundary trips",
    validity=(
        "Goods that the study states: no rate of freight by floor area or use with a source was found. Mean loads of "
        "the standard, empty returns as it has them. Goods between two listed sites must stand at one of them alone."
    ),
)
def freight(
    freight: Annotated[View, Table("freight", (FREIGHT_MASS, FREIGHT_DISTANCE, FREIGHT_VEHICLE))],
    freight_emission: Annotated[Factors, Fact("freight_emission")],
    p: FreightParams,
) -> Freight:
    """Work of carriage [t km a year], and its emissions within and beyond the study area [kg a year].

    Mass times distance times the vehicle's factor; rail and barges stand in their own sub-sectors. Raises InputError
    for an unknown or empty amount, one below 0, and a vehicle that has no factor.
    """
    for name in ("freight_mass", "freight_distance"):
        bad = ~(freight[name] >= 0)
        if bad.any():
            first, got = freight.index[bad][0], float(freight[name][bad].iloc[0])
            text = "freight.empty" if np.isnan(got) else "freight.amount"
            raise InputError(text, site=str(first), column=name, got=got)
    names = {row.name.casefold(): row.vehicle for row in read_table(FreightVehicle)}
    vehicles = ["" if pd.isna(text) else str(text).strip().casefold() for text in freight["freight_vehicle"]]
    for site, text in zip(freight.index, vehicles, strict=True):
        if text not in names:
            raise InputError("freight.vehicle", site=str(site), got=text, needs=sorted(names))
    kinds = np.array([names[text] for text in vehicles])
    work = freight["freight_mass"] * freight["freight_distance"] / M_IN_KM
    emitted = work * np.array([freight_emission[kind] for kind in kinds], dtype=np.float64)
    rail, barge = emitted.where(kinds == RAIL, 0.0), emitted.where(kinds == BARGE, 0.0)
    road = emitted - rail - barge
    return Freight(
        freight_work=work,
        freight_emissions=road * p.inside,
        freight_outside_emissions=road * (1.0 - p.inside),
        rail_freight_emissions=rail,
        waterborne_freight_emissions=barge,
    )
