"""Biogas digesters for the manure of pigs and cattle."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.farming import BIOGAS_SHARE, BUFFALO, DAIRY_CATTLE, OTHER_CATTLE, PIGS
from citybraid.core.vocabulary.measures import BIOGAS_CAPACITY
from citybraid.integrate.measures.siting import area_of_points, per_unit, selected_units

FED_BY = ("pigs", "dairy_cattle", "other_cattle", "buffalo")


class BiogasDigesterParams(MeasureParams):
    pass


class BiogasDigester(NamedTuple):
    biogas_share: BIOGAS_SHARE
    biogas_capacity: BIOGAS_CAPACITY


@measure(
    version=1,
    cite="IPCC (2006), vol. 4, eq. 10.23 and annex 10A.2; Guidelines for provincial greenhouse gas inventories (2011)",
    validity="Manure of pigs and cattle that is kept and collected; land, water and use of the residue not checked.",
    stage="equipment",
    quantity=BIOGAS_CAPACITY,
    responsible="village; farm owner",
    build_years=0.5,
)
def biogas_digester(
    villages: Annotated[View, Table("villages", (BIOGAS_SHARE,), optional=(PIGS, DAIRY_CATTLE, OTHER_CATTLE, BUFFALO))],
    units: Annotated[View, Table("units", (BIOGAS_CAPACITY,))],
    digester: Annotated[Factors, Fact("digester")],
    p: BiogasDigesterParams,
) -> BiogasDigester:
    """Send a share of the manure that no digester takes yet to digesters.

    What is installed is counted by the biogas it makes in a year [m3]: volatile solids times methane capacity over
    the methane share of biogas. The emissions that follow are those of `lowcarbon.farming`.
    """
    unit = area_of_points(villages.geometry.representative_point(), units.geometry)
    old = villages["biogas_share"].fillna(0.0).to_numpy(dtype=np.float64)
    more = np.where(selected_units(units, p.where)[unit], np.fmax(1.0 - old, 0.0) * p.share, 0.0)
    gas = sum(
        villages[name].fillna(0.0).to_numpy(dtype=np.float64)
        * digester[f"{name}/solids"]
        * digester[f"{name}/capacity"]
        for name in FED_BY
        if name in villages
    )
    made = more * gas / digester["methane_share"]
    return BiogasDigester(
        pd.Series(old + more, index=villages.index),
        units["biogas_capacity"] + per_unit(units, unit, made),
    )
